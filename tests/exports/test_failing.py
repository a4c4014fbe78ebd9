"""A bundle that cannot be complete does not exist, and its reason stands on the page."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from django.urls import reverse

from prtras.datacut import snapshot
from prtras.datacut.cutting import take_cut
from prtras.datacut.snapshot import Row
from prtras.exports import building, read_back, tasks
from prtras.exports.formats.csv import CSV
from prtras.files.models import StoredFile
from tests.exports.releases import OWN


def without_a_row(files: Mapping[str, bytes]) -> dict[str, list[Row]]:
    """The tables of a bundle whose writer lost a participant."""
    tables = CSV.read(files)
    return tables | {"participants": tables["participants"][:-1]}


@pytest.mark.parametrize("of_a_cut", [False, True])
def test_a_table_that_lost_a_row_leaves_no_bundle_and_says_why(enrolled, chen, client_of, monkeypatch, of_a_cut):
    monkeypatch.setattr(snapshot, "CONNECTION", "default")  # sees what this test has not committed
    monkeypatch.setattr(building, "_contributors", [])
    monkeypatch.setattr(building, "format_of", lambda code: replace(CSV, read=without_a_row))
    cut = take_cut(building.timezone.localdate(), user=chen)[0] if of_a_cut else None
    job = building.request_export(OWN, user=chen, cut=cut)
    before = StoredFile.objects.count()
    with pytest.raises(read_back.RowsMissing):
        tasks.build(str(job.id))
    job.refresh_from_db()
    assert (job.status, job.file) == ("failed", None)
    assert StoredFile.objects.count() == before + (not of_a_cut), "the cut, and no bundle"
    page = client_of(chen).get(reverse("exports:index")).content.decode()
    assert (
        "There is no bundle, because it would not be what its data cut says: participants: 0 of 1 rows written" in page
    )
    assert reverse("exports:download", args=[job.id]) not in page
    assert client_of(chen).get(reverse("exports:download", args=[job.id])).status_code == 404
