"""Run in a process of its own: what little a study has after its first day, in the database of the environment.

With the word `participant`: one participant more.
"""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "prtras.settings"

import django

django.setup()

from enrollment.registering import next_numbers, register_participant  # noqa: E402
from prtras.accounts.managing import create_site, create_system_user, create_user, give_role  # noqa: E402
from prtras.accounts.models import Site, User  # noqa: E402
from prtras.accounts.rights import Role  # noqa: E402
from prtras.crf.models import CrfPage  # noqa: E402
from prtras.crf.registry import form_of  # noqa: E402
from prtras.entry.parsing import read  # noqa: E402
from prtras.entry.saving import save_page  # noqa: E402
from prtras.files import storing  # noqa: E402
from tests import casebook  # noqa: E402

PASSWORD = "correct horse battery staple"


def main() -> None:
    """A site, a coordinator, two participants with their consent, a stored file."""
    system = create_system_user()
    site = create_site("01", "深圳", "Shenzhen", user=system)
    lin = create_user("lin", "Lin", PASSWORD, user=system, language="en")
    give_role(lin, site, Role.COORDINATOR, user=system)
    for _ in range(2):
        participant = register_participant(site, *next_numbers(site), user=lin)
        page = CrfPage.objects.get(participant=participant, form="consent")
        typed = read(form_of("consent"), casebook.typed("consent"))
        save_page(page.pk, typed.content, typed.remarks, user=lin, seen_version=0)
    storing.store("化验单 of 01-001".encode(), user=lin)


def one_more() -> None:
    """A third participant."""
    site = Site.objects.get()
    register_participant(site, *next_numbers(site), user=User.objects.get(username="lin"))


if __name__ == "__main__":
    one_more() if sys.argv[1:] == ["participant"] else main()
