"""What people see of a file of normal ranges that is wrong in many lines, or changes very many results."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from labs import range_effects
from labs.range_importing import request_preview, run_preview
from tests.labs.test_ranges import HEAD


@pytest.mark.parametrize("wrong", [50, 51])
def test_the_first_fifty_problems_of_a_file_are_shown_with_the_number_of_all(lin, client_of, wrong):
    content = HEAD + "".join(f"x{n},,U/L,1,2,2025-01-01\n" for n in range(wrong))
    answer = client_of(lin).post(reverse("labs:ranges"), {"file": SimpleUploadedFile("r.csv", content.encode())})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{wrong} problems; nothing was imported." in page
    assert [f"“x{n}” does not exist" in page for n in range(wrong)] == [n < 50 for n in range(wrong)]


@pytest.mark.parametrize(("most", "listed", "words"), [(1, ["ALT"], "the first 1 of 2"), (2, ["ALT", "AST"], "")])
def test_the_first_results_of_a_preview_are_listed_and_all_are_counted(
    site, enrolled, fill, lin, client_of, monkeypatch, most, listed, words
):
    monkeypatch.setattr(range_effects, "LISTED", most)
    fill(enrolled, "lbchem", "W12", row__alt__orres="45", row__ast__orres="32")
    content = f"{HEAD}alt,,U/L,,30,2025-01-01\nast,,U/L,,30,2025-01-01\n".encode()
    requested = run_preview(request_preview(site, content, "r.csv", user=lin).pk)
    page = client_of(lin).get(reverse("labs:range_preview", args=[requested.pk])).content.decode()
    results = page.split("List of results")[-1]
    titles = {"ALT": "Alanine aminotransferase", "AST": "Aspartate aminotransferase"}
    assert [name for name, title in titles.items() if title in results] == listed
    assert ("the first" in page, words in page) == (bool(words), True)
    assert requested.report["changed"] == 2
