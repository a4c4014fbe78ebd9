"""The reviewer's guides: what is in the datasets, what is not and why. Generated with them, in both languages."""

from collections.abc import Iterator, Sequence

from analysis.standards import terms
from analysis.standards.table_mappings import TableMappings
from analysis.standards.targets import Target
from analysis.standards.values import cut
from prtras.crf.study import StudyProtocol
from prtras.exports.standards.dataset import Dataset, ascii_text
from prtras.labels import T

_SDTM_NOTES = (
    T("受试者自行选择治疗组，未随机：没有 RANDDT；ARMCD 为 NA（核苷(酸)类似物）或 NAPEG（联合聚乙二醇干扰素）。",
      "Arms are chosen, not randomized: there is no RANDDT. ARMCD is NA (nucleos(t)ide analogues) or NAPEG (with"
      " peginterferon)."),
    T("RFSTDTC 为第 0 天。--DY 没有第 0 天。日期保持其已知的精度，不作插补。",
      "RFSTDTC is Day 0. --DY has no day 0. Dates are as precise as they were known; nothing is imputed."),
    T("出生日期和姓名首字母不离开系统。种族未收集：RACE 为空；民族在 SUPPDM。",
      "Date of birth and initials never leave the house. Race is not collected: RACE is empty; the ethnic group is in"
      " SUPPDM."),
    T("不良事件的 MedDRA 各级术语仅在有人编码之后填写；没有许可的词典时为空。",
      "MedDRA terms are filled where a person coded the event; without a licensed dictionary they are empty."),
    T("EX 为 EC 中已给药且剂量已知的记录；核苷(酸)类似物的剂型未收集。",
      "EX holds what of EC was given in a known dose; the dose form of nucleos(t)ide analogues is not collected."),
    T("末次观察标志（--LOBXFL）以第 0 天为界。", "--LOBXFL looks at results on or before Day 0."),
    T("SV 只含有访视记录的访视；尚未记录的访视不作任何断言。",
      "SV holds visits that have a record; of a visit without one nothing is said."),
    T("IE 只含未满足的标准。", "IE holds only criteria that are not met."),
    T("表单的缺失原因：检查为 --STAT 和 --REASND，其余在补充限定变量中，名称以 R 开头。",
      "Why a value is missing: --STAT and --REASND of tests; else a supplemental qualifier whose name begins with R."),
    T("MO 不在 SDTMIG 3.4 中，仅用于肝硬度。", "MO is not in SDTMIG 3.4; it holds the liver stiffness only."),
    T("干预研究类型（STYPE）须与主要研究者确认：登记库列为观察性研究。",
      "STYPE is to be agreed with the principal investigator: the registry lists the study as observational."),
)  # fmt: skip
_ADAM_NOTES = (
    T("ADTTE 的每一行与系统分析所用的终点完全相同；CNSR = 0 为事件。",
      "Each row of ADTTE is the endpoint that the system analyses; CNSR = 0 is an event."),
    T("SRCDOM、SRCVAR、SRCSEQ 指向决定该行的 SDTM 记录；DM 和 SV 没有序号，SRCSEQ 为空。",
      "SRCDOM, SRCVAR and SRCSEQ name the record of SDTM that decides a row; DM and SV have no number."),
    T("TTRBICR 由盲法评审决定：评审不在 SDTM 中，这些行没有 SRC 变量，见 data/blind_readings.csv。",
      "TTRBICR is decided by the blind review, which is not in SDTM: such rows have no SRC variables; see"
      " data/blind_readings.csv."),
    T("组别是在根治性治疗之后选择的：TTRRAD 自根治性治疗起算，ENTRY 之后才计入风险集，以避免永恒时间偏倚。",
      "The arm is chosen after radical treatment: TTRRAD runs from it and counts participants at risk only after ENTRY,"
      " against immortal time bias."),
    T("带 < 或 > 的检验结果没有 AVAL，只有 AVALC。", "A result behind < or > has no AVAL, only AVALC."),
    T("不良事件的日期不作插补；可能在治疗期间开始的计为治疗期间出现。",
      "Dates of adverse events are not imputed; one that may have begun on treatment is treatment-emergent."),
)  # fmt: skip
_XPT = T(
    "XPT 文件为 ASCII：其他字符写作 \\uXXXX，不丢失信息；原文见 dataset-json/。"
    "超过 200 字节的文本在补充限定变量中继续。",
    "XPT files are ASCII: any other character is written \\uXXXX, so that nothing is lost; the text itself stands in"
    " dataset-json/. A text of more than 200 bytes goes on in supplemental qualifiers.",
)


def sdtm_guide(protocol: StudyProtocol, datasets: Sequence[Dataset], table_mappings: TableMappings) -> bytes:
    """csdrg.md: notes, datasets, and of every item of every form where it went."""
    lines = [*_head(T("研究数据审阅指南（SDTM）", "Clinical study data reviewer's guide (SDTM)"), protocol)]
    lines += _notes((*_SDTM_NOTES, _XPT))
    lines += _datasets(datasets)
    lines += [f"## 3 {_both(T('每个项目的去向', 'Where every item went'))}", "",
              f"| {_both(T('表单', 'Form'))} | {_both(T('项目', 'Item'))} | {_both(T('标签', 'Label'))} | "
              f"{_both(T('去向', 'Goes to'))} | {_both(T('说明', 'Note'))} |",
              "| --- | --- | --- | --- | --- |"]  # fmt: skip
    for mapping in table_mappings.by_table.values():
        for name, target in mapping.targets.items():
            label, reason = mapping.table.items[name].label, target.reason or T("", "")
            lines.append(f"| {mapping.table.code} | {name} | {_both(label)} | {where(target)} | {_both(reason)} |")
    lines += ["", f"## 4 {_both(T('申办者扩展的受控术语', 'Terms of the sponsor in controlled lists'))}", ""]
    lines += _own_terms(datasets)
    return "\n".join([*lines, ""]).encode()


def adam_guide(protocol: StudyProtocol, datasets: Sequence[Dataset]) -> bytes:
    """adrg.md: notes and datasets."""
    lines = [*_head(T("分析数据审阅指南（ADaM）", "Analysis data reviewer's guide (ADaM)"), protocol)]
    lines += _notes((*_ADAM_NOTES, _XPT))
    return "\n".join([*lines, *_datasets(datasets), ""]).encode()


def where(target: Target) -> str:
    """The name of a target: its variable, the qualifiers of its domain, a relation, or nothing."""
    if target.sort == "supplement":
        return f"SUPP{target.domain}"
    if target.sort == "link":
        return "RELREC"
    if target.sort == "variable":
        return f"{target.domain}: --{target.part}" + (f" ({target.test})" if target.test else "")
    return target.domain or "-"


def _both(text: T) -> str:
    return " / ".join(dict.fromkeys(part.replace("|", "\\|") for part in (text.zh, text.en) if part))


def _head(title: T, protocol: StudyProtocol) -> Iterator[str]:
    yield from (f"# {title.zh}", "", f"# {title.en}", "", f"{protocol.all_identifiers}", "",
                f"{protocol.title.zh}", "", f"{protocol.title.en}", "")  # fmt: skip
    yield f"SDTMIG 3.4, ADaMIG 1.3, CDISC controlled terminology {terms.VERSION} (NCI EVS), MedDRA, CTCAE 5.0"
    yield ""


def _notes(notes: Sequence[T]) -> Iterator[str]:
    yield from (f"## 1 {_both(T('数据说明', 'Notes on the data'))}", "")
    for note in notes:
        yield from (f"* {note.zh}", f"  {note.en}")
    yield ""


def _datasets(datasets: Sequence[Dataset]) -> Iterator[str]:
    yield from (f"## 2 {_both(T('数据集', 'Datasets'))}", "",
                f"| {_both(T('名称', 'Name'))} | {_both(T('内容', 'Content'))} | {_both(T('行数', 'Rows'))} | "
                f"{_both(T('结构', 'Structure'))} | {_both(T('含非 ASCII 字符的单元格', 'Cells not in ASCII'))} |",
                "| --- | --- | --- | --- | --- |")  # fmt: skip
    for dataset in datasets:
        texts = [variable.name for variable in dataset.variables if variable.kind == "text"]
        foreign = sum(len(_foreign(dataset, name)) for name in texts)
        label = _both(dataset.label)
        yield f"| {dataset.name} | {label} | {len(dataset.rows)} | {dataset.structure.en} | {foreign} |"
    yield ""


def _foreign(dataset: Dataset, name: str) -> list[str]:
    """The cells of a variable that an XPT file writes in another way."""
    changed = {value for value in dataset.values(name) if ascii_text(value) != value}
    return [value for value in dataset.column(name) if value in changed] if changed else []


def _own_terms(datasets: Sequence[Dataset]) -> Iterator[str]:
    """The values that stand in a controlled list and are not in it."""
    for dataset in datasets:
        for variable in dataset.variables:
            if variable.terms and variable.terms.concept:
                own = [term.value for term in variable.terms.terms if not term.concept]
                if own:
                    yield f"* {dataset.name}.{variable.name}: {', '.join(cut(value, 60) for value in own)}"
