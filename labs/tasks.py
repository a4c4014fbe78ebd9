"""The worker's door to the hospital-file import and to what follows from the laboratory's table."""

from uuid import UUID

from labs import folder_watching, importing, range_importing, sheet_reading
from labs.models import LabImport, LabSheet, RangePreview
from prtras.accounts.access import require
from prtras.accounts.models import Site, User
from prtras.accounts.rights import Action
from prtras.background import task
from prtras.jobs.running import register_job
from prtras.jobs.scheduling import do_deferred, register_deferred
from prtras.labels import T


@task("labs.tasks.run")
def run(import_id: str) -> None:
    """A dry run or an import that a person asked for."""
    importing.run(UUID(import_id))


register_job(LabImport, importing.run, T("检验结果导入", "The laboratory import"))


@task("labs.tasks.read_folder")
def read_folder() -> None:
    """Dry runs of the files that a laboratory's system laid into the folder."""
    for requested in folder_watching.read_folder():
        importing.run(requested.pk)


@task("labs.tasks.preview_ranges")
def preview_ranges(preview_id: str) -> None:
    """What a file of normal ranges would change."""
    range_importing.run_preview(UUID(preview_id))


register_job(RangePreview, range_importing.run_preview, T("正常值预览", "The preview of normal ranges"))


@task("labs.tasks.renew_results")
def renew_results() -> None:
    """The laboratory's table is another: flags and grades follow."""
    do_deferred(range_importing.RENEWAL)


def _renew(site_id: int, user_id: int) -> None:
    """In the name of who brought the table."""
    site, user = Site.objects.get(pk=site_id), User.objects.get(pk=user_id)
    require(user, Action.IMPORT_RESULTS, site)
    range_importing.renew_results(site, user=user)


register_deferred(range_importing.RENEWAL, _renew)


@task("labs.tasks.read_sheet")
def read_sheet(sheet_id: str) -> None:
    """What a photographed sheet says."""
    sheet_reading.run(UUID(sheet_id))


register_job(LabSheet, sheet_reading.run, T("检验单识别", "The reading of a laboratory sheet"))


@task("labs.tasks.forget_sheets")
def forget_sheets() -> None:
    """Pictures of sheets that nobody needs any more."""
    sheet_reading.forget_old()
