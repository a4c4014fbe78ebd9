"""How the trail speaks of coding and of dictionaries."""

from prtras.audit.words import Act, Label, Words
from prtras.coding.terms import LEVEL_TITLES, MATCHES
from prtras.labels import T

WORDS = {
    "coding_dictionary": Words(
        T("导入 MedDRA 版本", "Release of MedDRA imported"),
        (
            Act(T("启用 MedDRA 版本", "Release of MedDRA put in force"), "in_force", "True", before="False"),
            Act(T("停用 MedDRA 版本", "Release of MedDRA no longer in force"), "in_force", "False", before="True"),
        ),
        {
            "version": Label(T("版本", "Version")),
            "languages": Label(T("语言", "Languages")),
            "terms": Label(T("低位语数", "Lowest level terms")),
        },
        frozenset({"file_id", "in_force", "imported_by_id", "imported_at"}),
    ),
    "coding_coding": Words(
        T("术语编码", "Term coded"),
        columns={
            "verbatim": Label(T("原文", "Reported term")),
            "match": Label(T("匹配方式", "How it was found"), MATCHES.codes),
            **{level: Label(title + T("代码", " (code)")) for level, title in LEVEL_TITLES.items()},
            **{f"{level}_zh": Label(title, language="zh") for level, title in LEVEL_TITLES.items()},
            **{f"{level}_en": Label(title, language="en") for level, title in LEVEL_TITLES.items()},
        },
        silent=frozenset({"page_id", "dictionary_id", "coded_by_id", "coded_at"}),
    ),
}
