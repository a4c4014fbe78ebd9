"""The worker's door to the nightly checks."""

from prtras.accounts.access import system_user
from prtras.background import task
from prtras.entry import nightly_checks


@task("prtras.entry.tasks.run_checks")
def run_checks() -> None:
    """Beat calls this an hour before the night run, so that the report counts the night's queries."""
    nightly_checks.run_checks(user=system_user())
