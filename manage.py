#!/usr/bin/env python
"""Django's command line. Commands that change tables connect as the owner, all others as the application role."""

import os
import sys

OWNER_COMMANDS = {"migrate", "makemigrations", "flush", "sqlmigrate"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prtras.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("PRTRAS_DB_ROLE", "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
