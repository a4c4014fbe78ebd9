"""What the head of a column, or the name of an item in a line, may mean: guessed, and put before a person. Pure."""

import re
from dataclasses import dataclass
from functools import cache

from labs.lab_tests import LAB_TESTS, unit_in
from prtras.clinical.printed_number import folded

#: No name of an item is longer; a longer text names nothing.
LONGEST_NAME = 120
#: What columns other than results are headed in hospitals.
HEADS: dict[str, tuple[str, ...]] = {
    "participant": ("subjid", "subject", "subject id", "participant", "participant number", "patient id", "id", "pid",
                    "受试者编号", "受试者", "受试者号", "编号", "研究编号", "入组号", "病案号", "病人编号",
                    "患者编号", "受試者編號"),
    "date": ("date", "sample date", "collection date", "采样日期", "采集日期", "采样时间", "采集时间", "标本采集时间",
             "标本采集日期", "检验日期", "送检日期", "日期", "採樣日期", "採檢日期", "检查日期"),
    "day": ("day", "days", "距第0天的天数"),
    "time": ("time", "sample time", "时间"),
    "item": ("item", "test", "test name", "analyte", "parameter", "项目", "项目名称", "检验项目", "检验项目名称",
             "中文名称", "项目代码", "指标", "指标名称", "項目", "檢驗項目"),
    "result": ("result", "results", "value", "结果", "检验结果", "测定结果", "结果值", "測定結果", "檢驗結果"),
    "unit": ("unit", "units", "单位", "结果单位", "result unit", "單位"),
    "range": ("range", "reference", "reference range", "ref range", "参考值", "参考范围", "参考区间", "正常值",
              "正常参考值", "參考值", "參考範圍"),
    "low": ("low", "lower limit", "ref low", "下限", "参考下限", "参考值下限"),
    "high": ("high", "upper limit", "ref high", "上限", "参考上限", "参考值上限"),
    "lloq": ("lloq", "loq", "lower limit of quantitation", "lower limit of quantification", "定量下限", "检测下限",
             "检出限", "最低检测限", "最低检出限"),
    "flag": ("flag", "mark", "标志", "提示", "异常标志", "异常提示", "高低", "状态", "标记"),
    "sex": ("sex", "gender", "性别", "性別"),
    "birth": ("birth", "birth date", "date of birth", "dob", "birth year", "year of birth", "出生日期", "出生年",
              "出生年月", "生日"),
    "initials": ("initials", "name", "patient name", "姓名", "患者姓名", "姓名缩写", "缩写"),
    "report": ("report", "report number", "报告号", "报告编号", "条码号", "标本号", "样本号", "条形码", "样本编号",
               "标本编号"),
    "age": ("age", "age range", "年龄", "年龄段", "年龄范围", "适用年龄"),
    "age_from": ("age from", "age_from", "min age", "年龄下限", "最小年龄"),
    "age_to": ("age to", "age_to", "max age", "年龄上限", "最大年龄"),
    "valid_from": ("valid from", "valid_from", "effective date", "effective from", "生效日期", "启用日期"),
    "laboratory": ("laboratory", "lab", "检验机构", "检测机构", "实验室", "检验科室"),
    "correction": ("correction", "reason for correction", "reason for the correction", "更正原因", "修改原因"),
    "specimen": ("specimen", "specimen type", "sample type", "标本类型", "样本类型", "标本种类", "标本", "標本類型"),
    "method": ("method", "analyser", "检测方法", "测定方法", "检验方法", "方法学", "仪器", "檢測方法"),
}  # fmt: skip
_MARKS = re.compile(r"[*＊★☆#▲△●○◆◇·‧・\s]+")
_TURN = re.compile(r" \[[0-9]{1,3}\]\Z")

_BRACKETS = re.compile(r"(?P<outside>.+?)[(\[【〔](?P<inside>[^()\[\]【】〔〕]{1,40})[)\]】〕]\Z")


@dataclass(frozen=True)
class Named:
    """A lab test that a text names, and the unit that stands in it, if any."""

    lab_test: str
    unit: str = ""


def kind_of(head: str) -> str:
    """What a column other than one of results holds: a key of HEADS; empty for another."""
    return _heads().get(_folded(_TURN.sub("", head)), "") if len(head) <= LONGEST_NAME else ""


def named(text: str) -> Named | None:
    """The lab test that a text names: `谷丙转氨酶`, `ALT(U/L)`, `*钾(K)`, `INR`; None where nothing is sure.

    What stands in brackets is the unit, or a second name, which must not name another lab test.
    """
    text = text.strip()
    if len(text) > LONGEST_NAME:
        return None
    text = text[marks.end() :] if (marks := _MARKS.match(text)) else text  # before folding: an asterisk would be an X
    if code := _lab_tests_by_name().get(_folded(text)):
        return Named(code)
    bracketed = _BRACKETS.fullmatch(folded(text))
    if bracketed is None:
        return None
    outside, inside = (_lab_tests_by_name().get(_folded(bracketed[part])) for part in ("outside", "inside"))
    if outside and inside and outside != inside:
        return None
    if code := outside or inside:
        return Named(code, unit_in(LAB_TESTS[code], bracketed["inside"]) or "") if outside else Named(code)
    deeper = named(bracketed["outside"])  # 谷丙转氨酶(ALT)(U/L)
    return Named(deeper.lab_test, unit_in(LAB_TESTS[deeper.lab_test], bracketed["inside"]) or "") if deeper else None


def is_known(head: str) -> bool:
    """Whether the head of a column says anything: by this the header row is told from titles and data."""
    return bool(kind_of(head) or named(head))


def _folded(text: str) -> str:
    return _MARKS.sub("", folded(_MARKS.sub("", text))) or folded(text)


@cache
def _heads() -> dict[str, str]:
    return {_folded(head): kind for kind, heads in HEADS.items() for head in heads}


@cache
def _lab_tests_by_name() -> dict[str, str]:
    """Folded names by lab test. A name of two lab tests names none."""
    names: dict[str, set[str]] = {}
    for code, lab_test in LAB_TESTS.items():
        for name in (
            code.rstrip("_"),
            lab_test.title.zh,
            lab_test.title.en,
            lab_test.loinc or code,
            *lab_test.synonyms,
        ):
            names.setdefault(_folded(name), set()).add(code)
    return {name: next(iter(codes)) for name, codes in names.items() if len(codes) == 1}
