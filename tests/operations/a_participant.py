"""Run in a process of its own: one participant more, in the database of the environment."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "prtras.settings"

import django

django.setup()

from enrollment.registering import next_numbers, register_participant  # noqa: E402
from prtras.accounts.models import Site, User  # noqa: E402

if __name__ == "__main__":
    site = Site.objects.get()
    register_participant(site, *next_numbers(site), user=User.objects.get(username="lin"))
