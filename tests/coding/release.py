"""A release in the form of MedDRA's files, with invented codes and everyday words: no term of MedDRA is in it."""

import io
import zipfile

#: code, preferred term, current, Chinese, English
LOWEST = [
    (90000001, 90000001, "Y", "发热", "Fever"),
    (90000002, 90000001, "Y", "体温升高", "Raised temperature"),
    (90000003, 90000001, "N", "发烧", "Feverishness"),
    (90000011, 90000011, "Y", "头痛", "Headache"),
    (90000012, 90000011, "Y", "偏侧头痛", "One-sided headache"),
    (90000021, 90000021, "Y", "血小板计数降低", "Platelet count decreased"),
]
#: preferred term, high level, group, system organ class, primary
PATHS = [
    (90000001, 90100001, 90200001, 90300001, "Y"),
    (90000011, 90100002, 90200002, 90300002, "Y"),
    (90000011, 90100001, 90200001, 90300001, "N"),
    (90000021, 90100003, 90200003, 90300003, "Y"),
]
UPPER = {
    90100001: ("发热类疾病", "Feverish conditions"), 90200001: ("全身表现", "General signs"),
    90300001: ("全身性疾病", "General disorders"),
    90100002: ("头痛类", "Headaches"), 90200002: ("头痛组", "Headache group"), 90300002: ("神经系统", "Nervous system"),
    90100003: ("血小板类", "Platelet results"), 90200003: ("血液检查", "Blood results"),
    90300003: ("各类检查", "Results"),
}  # fmt: skip


def files_of(language, *, version="90.1", lowest=LOWEST, paths=PATHS, upper=UPPER):
    """The three files of a language, as text by name."""
    at = 0 if language == "zh" else 1
    names = {code: texts[at] for code, *_, zh, en in lowest for texts in [(zh, en)]}
    llt = "".join(f"{code}${names[code]}${pt}$$$$$$${current}$$\n" for code, pt, current, _, _ in lowest)
    hierarchy = "".join(
        f"{pt}${hlt}${hlgt}${soc}${names[pt]}${upper[hlt][at]}${upper[hlgt][at]}${upper[soc][at]}$Abb$${soc}${primary}$\n"
        for pt, hlt, hlgt, soc, primary in paths
    )
    release = f"{version}${'Chinese' if at == 0 else 'English'}$$$$\n"
    return {"llt.asc": llt, "mdhier.asc": hierarchy, "meddra_release.asc": release}


def zipped(folders, encoding="utf-8"):
    """A zip of folders with their files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, files in folders.items():
            for name, text in files.items():
                archive.writestr(f"{folder}/{name}", text.encode(encoding))
    return buffer.getvalue()


def archive(*languages, **changes):
    """A release in these languages, both when none is named."""
    named = languages or ("zh", "en")
    return zipped({f"MedDRA/{language}/MedAscii": files_of(language, **changes) for language in named})
