"""The files of MedDRA as they are handed out: what is read of them, and what is refused with which words."""

import pytest

from prtras.coding import meddra_ascii
from prtras.coding.meddra_ascii import ReleaseRefused, read_release
from prtras.coding.terms import Terms
from tests.coding.release import LOWEST, PATHS, UPPER, archive, files_of, zipped


def test_a_release_in_two_languages_has_both_names_and_the_primary_path():
    release = read_release(archive())
    assert (release.version, release.languages, len(release.terms.lowest)) == ("90.1", ("en", "zh"), 6)
    path = release.terms.path(90000012)
    assert [(term.code, term.zh, term.en) for _, term in path.terms()] == [
        (90000012, "偏侧头痛", "One-sided headache"),
        (90000011, "头痛", "Headache"),
        (90100002, "头痛类", "Headaches"),
        (90200002, "头痛组", "Headache group"),
        (90300002, "神经系统", "Nervous system"),
    ]


def test_a_release_in_one_language_leaves_the_other_name_empty():
    term = read_release(archive("zh")).terms.path(90000001).llt
    assert (term.zh, term.en, str(term.title.en)) == ("发热", "", "发热")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_encoding_in_which_it_is_handed_out_reads_the_same(encoding):
    release = read_release(zipped({"MedAscii": files_of("zh")}, encoding))
    assert (release.version, release.terms.path(90000021).llt.zh) == ("90.1", "血小板计数降低")


def test_accents_of_an_english_release_in_latin_1_stay_what_they_are():
    accented = [*LOWEST[:3], (90000004, 90000001, "Y", "热", "Fièvre née à l’été"), *LOWEST[3:]]
    files = {name: text.replace("English", "") for name, text in files_of("en", lowest=accented).items()}
    release = read_release(zipped({"MedAscii": files}, "cp1252"))
    assert (release.languages, release.terms.path(90000004).llt.en) == (("en",), "Fièvre née à l’été")


def test_the_stored_bytes_read_back_to_the_same_terms_and_are_always_the_same():
    terms = read_release(archive()).terms
    again = Terms.unpacked(terms.packed())
    assert (again.lowest, again.paths, again.upper) == (terms.lowest, terms.paths, terms.upper)
    assert again.packed() == terms.packed() == read_release(archive()).terms.packed()


def test_lines_may_end_without_the_last_sign_and_folders_may_be_named_anyhow():
    files = {name: text.replace("$\n", "\n") if name == "mdhier.asc" else text for name, text in files_of("en").items()}
    assert len(read_release(zipped({"": files})).terms.lowest) == 6


def _with(name, change):
    files = files_of("en")
    return zipped({"MedAscii": files | {name: change(files[name])}})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no zip", "not a ZIP"),
        (zipped({"MedAscii": {"llt.asc": "x"}}), "no llt.asc with mdhier.asc"),
        (_with("meddra_release.asc", lambda text: ""), "does not say the version"),
        (_with("llt.asc", lambda text: text.replace("$$$$$$$Y", "$$Y", 1)), "llt.asc, line 1: wrong number of fields"),
        (_with("llt.asc", lambda text: text.replace("90000001", "9000000x", 1)), "code “9000000x” is not of 8 digits"),
        (_with("llt.asc", lambda text: text.replace("Fever$", "$", 1)), "llt.asc, line 1: no name"),
        (_with("llt.asc", lambda text: text + text.splitlines()[0] + "\n"), "code 90000001 occurs twice"),
        (_with("mdhier.asc", lambda text: text.replace("$Y$", "$N$", 1)), "90000001 must have one primary path"),
        (_with("mdhier.asc", lambda text: text.replace("$N$", "$Y$")), "90000011 must have one primary path"),
        (_with("mdhier.asc", lambda text: "".join(text.splitlines(True)[:3])), "90000021 has no preferred term"),
        (zipped({"a": files_of("en"), "b": files_of("en")}), "one language twice"),
        (_with("llt.asc", lambda text: ""), "llt.asc holds no terms"),
        (zipped({"a": files_of("en"), "b": files_of("zh", version="90.2")}), "two versions: 90.1, 90.2"),
        (zipped({"a": files_of("en"), "b": files_of("zh", lowest=LOWEST[:-1], paths=PATHS[:-1])}), "90000021 differs"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_wrong_with_the_files_is_said_and_nothing_of_them_is_read(content, words):
    with pytest.raises(ReleaseRefused) as refused:
        read_release(content)
    assert words in refused.value.text.en
    assert refused.value.text.zh


def test_two_languages_with_another_primary_path_are_refused():
    moved = [(90000001, 90100002, 90200002, 90300002, "Y"), *PATHS[1:]]
    both = {"zh": files_of("zh"), "en": files_of("en", paths=moved, upper=UPPER)}
    with pytest.raises(ReleaseRefused, match="90000001 differs"):
        read_release(zipped(both))


def test_a_file_that_unpacks_to_very_much_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(meddra_ascii, "LARGEST_FILE", 100)
    with pytest.raises(ReleaseRefused, match="too large when unpacked"):
        read_release(archive("en"))


def test_a_path_that_only_one_language_has_is_refused():
    more = [*PATHS, (90000001, 90100009, 90200001, 90300001, "N")]
    english = files_of("en", paths=more, upper=UPPER | {90100009: ("", "Other")})
    with pytest.raises(ReleaseRefused, match="90100009 differs"):
        read_release(zipped({"en": english, "zh": files_of("zh")}))
