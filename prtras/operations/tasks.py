"""The timetable's door to backups."""

from prtras.background import task
from prtras.operations import backing_up, restoring


@task("prtras.operations.tasks.back_up")
def back_up() -> None:
    """The nightly backup, where backups are set up."""
    if backing_up.is_set_up():
        backing_up.back_up()


@task("prtras.operations.tasks.prove_backup")
def prove_backup() -> None:
    """Restore the newest backup and prove its content, where this machine may decrypt it."""
    if backing_up.can_be_proven():
        restored = restoring.prove_by_restoring()
        if restored.findings:
            raise restoring.Damaged(restored.findings)
