"""The worker's door to the seals."""

from prtras.audit import sealing
from prtras.background import task


@task("prtras.audit.tasks.seal")
def seal() -> None:
    """Seal what is new in the trail."""
    sealing.seal()
