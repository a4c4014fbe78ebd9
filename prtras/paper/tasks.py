"""The worker's door to printouts."""

from uuid import UUID

from prtras.background import task
from prtras.jobs.running import register_job
from prtras.labels import T
from prtras.paper import printing
from prtras.paper.models import Printout


@task("prtras.paper.tasks.print_out")
def print_out(printout_id: str) -> None:
    """Print what a person requested."""
    printing.print_out(UUID(printout_id))


register_job(Printout, printing.print_out, T("打印", "The printout"))
