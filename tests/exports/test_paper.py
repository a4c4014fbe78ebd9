"""The casebook on paper: every form and item, in both languages; and printing it for who may see it."""

import re
import subprocess

import pytest

from prtras.crf.registry import all_forms
from prtras.files import storing
from prtras.files.models import Download
from prtras.paper import casebook, printing
from prtras.paper.models import Printout
from prtras.review import querying
from prtras.review.signing import sign_pages
from tests.conftest import page_of


def text_of(pdf: bytes, folder, order: str = "-layout") -> str:
    """The text of a PDF as it stands on the paper, or (`-raw`) cell by cell."""
    (folder / "printed.pdf").write_bytes(pdf)
    subprocess.run(["pdftotext", order, "printed.pdf", "printed.txt"], cwd=folder, check=True)
    return (folder / "printed.txt").read_text()


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize(("language", "annotated"), [("zh-hans", False), ("en", True)])
def test_the_blank_and_the_annotated_crf_hold_every_form_and_item(language, annotated, tmp_path):
    printed = plain(text_of(casebook.crf(language, annotated=annotated), tmp_path))
    for form in all_forms():
        assert plain(form.title.in_language(language)) in printed
        in_the_box_of_another = {item.qualifier for item in form.items.values()}
        for name, item in form.items.items():
            label = plain(item.label.in_language(language))[:12]
            assert label in printed or name in in_the_box_of_another, (form.code, name)
            assert (name in printed) is annotated or name in printed


def test_a_casebook_holds_what_was_submitted_in_words(enrolled, lin, tmp_path):
    request = printing.request_printout("filled", "en", enrolled, user=lin)
    done = printing.print_out(request.id)
    assert (done.status, printing.print_out(request.id)) == ("done", None)
    printed = text_of(storing.content(done.file), tmp_path)
    assert enrolled.number in printed
    assert "Hepatocellular carcinoma" in printed or "Surgical resection" in printed
    assert page_of(enrolled, "dm").demographics.initials in printed


def test_who_may_not_see_identifiers_gets_none_on_paper(enrolled, chen, tmp_path):
    printed = text_of(casebook.casebook(enrolled, "en", identifiers=False), tmp_path)
    assert "hidden for your role" in printed
    assert page_of(enrolled, "dm").demographics.brthdat.isoformat() not in printed


def test_a_printout_is_for_the_person_who_asked_and_taking_it_is_on_record(enrolled, lin, zhao, client_of):
    request = printing.request_printout("filled", "en", enrolled, user=lin)
    assert b"is being created" in client_of(lin).get(f"/paper/{request.id}/").content
    printing.print_out(request.id)
    assert client_of(zhao).get(f"/paper/{request.id}/").status_code == 404
    answer = client_of(lin).get(f"/paper/{request.id}/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert [d.user for d in Download.objects.all()] == [lin]
    assert Printout.objects.get().file is not None


def test_queries_and_signatures_are_printed_with_their_words_and_times(enrolled, lin, wang, zhao, fill, tmp_path):
    page = page_of(enrolled, "consent")
    query = querying.raise_query(page, "icf_date", "Is the date right?", user=wang)
    querying.answer(query.pk, "As in the source.", user=lin)
    signed = sign_pages({page.pk: page.version}, "CONFIRMED", user=zhao)[0]
    fill(enrolled, "consent", biobank_consent="N", reason__all="ENTRY")
    page.refresh_from_db()
    sign_pages({page.pk: page.version}, "REVIEWED", user=zhao)
    printed = text_of(casebook.casebook(enrolled, "en", identifiers=True), tmp_path)
    for words in (
        "Is the date right?",
        "As in the source.",
        "Zhao",
        "+08:00",
        "valid",
        "invalidated",
        signed.sha256[:12],
    ):
        assert words in printed, words
    assert "Ihavereviewedthesedata" in plain(printed) or "reviewed" in printed
