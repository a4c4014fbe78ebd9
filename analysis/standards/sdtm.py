"""From rows to datasets: variables in the order of SDTM, with labels, types, code lists, origins and methods."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analysis.standards import terms
from analysis.standards.domains import DOMAINS, NUMBERS, Domain, variable_name
from analysis.standards.records import Collected
from analysis.standards.tabulation import Tabulated
from analysis.standards.variables import LABELS, SUFFIXES
from prtras.exports.standards.dataset import Dataset, Kind, Levels, Origin, Term, TermList, Variable
from prtras.labels import T

#: Controlled terminology by part of a name, or by whole name.
LISTED = {
    "OCCUR": "NY", "PRESP": "NY", "STAT": "ND", "ORRESU": "UNIT", "STRESU": "UNIT", "DOSU": "UNIT", "ROUTE": "ROUTE",
    "DOSFRQ": "FREQ", "DOSFRM": "FRM", "METHOD": "METHOD", "LOC": "LOC", "EPOCH": "EPOCH", "NRIND": "NRIND",
    "LOBXFL": "NY",
    "DRVFL": "NY", "FAST": "NY", "SEX": "SEX", "AGEU": "AGEU", "ARMNRS": "ARMNULRS", "DTHFL": "NY", "ACN": "ACN",
    "OUT": "OUT", "SER": "NY", "SCONG": "NY", "SDISAB": "NY", "SDTH": "NY", "SHOSP": "NY", "SLIFE": "NY", "SMIE": "NY",
    "CONTRT": "NY", "ENRTPT": "STENRF", "CNTMOD": "CNTMODE", "DSCAT": "DSCAT", "DSSCAT": "DSSCAT", "IECAT": "IECAT",
    "DSDECOD": "NCOMPLT",
}  # fmt: skip
#: Identifiers and what else the sponsor assigns.
ASSIGNED = frozenset(
    [
        "STUDYID",
        "DOMAIN",
        "USUBJID",
        "TESTCD",
        "TEST",
        "CAT",
        "SCAT",
        "VISITNUM",
        "VISIT",
        "ARM",
        "ACTARM",
        "COUNTRY",
        "AGEU",
        "EVAL",
        "MOOD",
    ]
)
PROTOCOL = frozenset({"VISITDY", "PRESP"})
_DAYS = T(
    "日期已知到日时：日期减 RFSTDTC，RFSTDTC 当日及以后加 1；没有第 0 天",
    "Where the date is known to the day: date minus RFSTDTC, plus 1 on and after RFSTDTC; there is no day 0",
)
METHODS: dict[str, T] = {
    "SEQ": T("每位受试者内按关键变量排序后的序号", "Number within the subject, after sorting by the key variables"),
    "DY": _DAYS, "STDY": _DAYS, "ENDY": _DAYS,
    "EPOCH": T("知情同意至第 0 天之前为 SCREENING，其后至参与结束为 TREATMENT；日期不足以判断时为空",
               "SCREENING from consent to the day before Day 0, then TREATMENT up to the end of participation; empty"
               " where the date does not say"),
    "LOBXFL": T("每项检查在第 0 天当日或之前的最后一个结果", "Last result of each test on or before Day 0 (RFSTDTC)"),
    "STRESC": T("换算为标准单位后的结果，保留 < 或 >", "The result in the standard unit, with its < or >"),
    "STRESN": T("标准单位的数值；带 < 或 > 时为空", 
                "The number in the standard unit; empty where it stands behind < or >"),
    "STRESU": T("本研究的标准单位", "The standard unit of the study"),
    "DRVFL": T("由系统推导的结果标为 Y", "Y where the system derived the result"),
    "RFXSTDTC": T("联合组为首次聚乙二醇干扰素；单药组为日期完整的最早一次核苷(酸)类似物",
                  "First peginterferon in NAPEG; in NA the earliest nucleos(t)ide analogue whose date is whole"),
    "RFXENDTC": T("联合组为末次聚乙二醇干扰素", "Last peginterferon in NAPEG"),
    "RFPENDTC": T("研究结束日期，否则为死亡日期", "Day of the end of study, else of death"),
    "RFENDTC": T("有第 0 天者同 RFPENDTC", "RFPENDTC of those who have a Day 0"),
    "DTHFL": T("记录有死亡日期者为 Y", "Y where a date of death is recorded"),
    "ARMNRS": T("筛选失败或尚未选择治疗组", "Screening failed, or no arm chosen yet"),
}  # fmt: skip
#: Whole names that TI has; in IE they follow from the domain.
OF_TRIALS = frozenset({"IETESTCD", "IETEST", "IECAT"})
KEYS = {"DM": ("STUDYID", "USUBJID"), "SV": ("STUDYID", "USUBJID", "VISITNUM")}


def sdtm_datasets(done: Tabulated, made: Collected) -> list[Dataset]:
    """The datasets about subjects: domains, supplemental qualifiers, relations; without those that have no rows."""
    datasets = [_dataset(DOMAINS[domain], rows, _meanings(made, domain)) for domain, rows in done.rows.items() if rows]
    datasets += [_supplement(domain, rows, done) for domain, rows in done.qualifiers.items() if rows]
    if done.relations:
        datasets.append(_relations(done.relations))
    return sorted(datasets, key=lambda each: each.name)


def _meanings(made: Collected, domain: str) -> dict[str, dict[str, T]]:
    return {part: texts for (whose, part), texts in made.meanings.items() if whose == domain}


def _dataset(domain: Domain, rows: Sequence[Mapping[str, Any]], meanings: Mapping[str, Mapping[str, T]]) -> Dataset:
    values = distinct(rows)
    filled = values.keys()
    parts = {part for part in SUFFIXES if variable_name(domain.code, part) in filled and part not in OF_TRIALS}
    parts |= {"STUDYID", "DOMAIN", "USUBJID", *domain.always}
    variables = tuple(
        described(domain.code, part, values.get(variable_name(domain.code, part), set()), meanings.get(part, {}))
        for part in SUFFIXES
        if part in parts
    )
    if unknown := filled - {variable.name for variable in variables}:
        raise KeyError(f"{domain.code}: no label for {', '.join(sorted(unknown))}")
    levels = Levels(f"{domain.code}ORRES", f"{domain.code}TESTCD", meanings.get("TESTCD", {}))
    keys = KEYS.get(domain.code, ("STUDYID", "USUBJID", f"{domain.code}SEQ"))
    return Dataset(
        domain.code, domain.label, domain.category, T(domain.structure, domain.structure), keys, variables, rows,
        domain.code, levels=levels if domain.is_findings else None,
    )  # fmt: skip


def distinct(rows: Iterable[Mapping[str, Any]]) -> dict[str, set[Any]]:
    """The different values of each variable that has some."""
    values: dict[str, set[Any]] = defaultdict(set)
    for row in rows:
        for name, value in row.items():
            if value is not None:
                values[name].add(value)
    return dict(values)


def described(domain: str, part: str, values: Iterable[Any], meanings: Mapping[str, T]) -> Variable:
    """A variable of a domain, as its values fill it."""
    name = variable_name(domain, part)
    label = T(SUFFIXES[part].zh, LABELS.get(name, SUFFIXES[part].en))
    method = METHODS.get(part)
    origin: Origin = "Derived" if method else "Collected"
    if part in PROTOCOL:
        origin = "Protocol"
    elif part in ASSIGNED:
        origin = "Assigned"
    mandatory = part in ("STUDYID", "DOMAIN", "USUBJID", "SEQ", "TESTCD", "TEST")
    return Variable(
        name, label, kind_of(part, values), origin, _terms(domain, part, name, values, meanings), mandatory,
        "Identifier" if part in ("STUDYID", "DOMAIN", "USUBJID", "SEQ") else "",
        method,
    )  # fmt: skip


def kind_of(part: str, values: Iterable[Any]) -> Kind:
    """The type of a variable: a number with a part behind the point makes all of them such."""
    if part not in NUMBERS:
        return "text"
    return "float" if any(isinstance(value, float) for value in values) else "integer"


def _terms(domain: str, part: str, name: str, values: Iterable[Any], meanings: Mapping[str, T]) -> TermList | None:
    """The code list of a variable: controlled terms with their concepts, the sponsor's own behind them."""
    concept, known = "", dict[str, str]()
    if part in ("TESTCD", "TEST") and domain in terms.TESTS:
        codes, names, tests = terms.TESTS[domain]
        concept = codes if part == "TESTCD" else names
        known = {code if part == "TESTCD" else words: own for code, (own, words) in tests.items()}
    elif listed := LISTED.get(name, LISTED.get(part, "")):
        concept, known = terms.LISTS[listed]
        if name == "DSDECOD":
            known = known | terms.LISTS["PROTMLST"][1]
    elif not (meanings or part in ("TESTCD", "TEST")) or part in ("ORRES", "STRESC"):
        return None
    texts = sorted(str(value) for value in values)
    return TermList(
        name, T(SUFFIXES[part].zh, name),
        tuple(Term(text, meanings.get(text, T(text, text)), known.get(text, "")) for text in texts), concept,
    )  # fmt: skip


def fixed(domain: str, parts: Iterable[str], rows: Sequence[Mapping[str, Any]]) -> tuple[Variable, ...]:
    """The variables of a dataset that always has the same ones."""
    values = distinct(rows)
    return tuple(described(domain, part, values.get(variable_name(domain, part), set()), {}) for part in parts)


def _supplement(domain: str, rows: Sequence[Mapping[str, Any]], done: Tabulated) -> Dataset:
    name = f"SUPP{domain}"
    variables = fixed(name, ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG",
                             "QEVAL"),
                      rows)  # fmt: skip
    label = T(f"{DOMAINS[domain].label.zh}的补充限定变量", f"Supplemental Qualifiers for {domain}")
    structure = "One record per supplemental qualifier per related parent domain record"
    keys = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")
    return Dataset(name, label, "RELATIONSHIP", T(structure, structure), keys, variables, rows, domain,
                   levels=Levels("QVAL", "QNAM", done.titles[domain]))  # fmt: skip


def _relations(rows: Sequence[Mapping[str, Any]]) -> Dataset:
    variables = fixed("RELREC", ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELTYPE", "RELID"), rows)
    structure = "One record per related record"
    keys = ("STUDYID", "RELID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL")
    return Dataset("RELREC", T("关联记录", "Related Records"), "RELATIONSHIP", T(structure, structure), keys, variables,
                   sorted(rows, key=lambda row: [row[name] for name in keys]), "RELREC")  # fmt: skip
