"""Sixty kills: what was acknowledged is there, and what was due happened once.

    python -m tests.faults [--kills 60] [--every 4] [--seed 1] [--folder FOLDER]

A whole product in a folder of its own: PostgreSQL, Redis, web server, two workers, two beats. People save pages, report
serious adverse events, and ask for bundles and runs, each keeping a ledger of what was acknowledged, while
one process after the other is killed (SIGKILL) and started again. Then everything comes to rest and the ledger is
compared with the database and the mails. It takes about a quarter of an hour and ends with 1 when anything is missing
or double. Not part of the suite: by hand, or `make faults`.
"""
