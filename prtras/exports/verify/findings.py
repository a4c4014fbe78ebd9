"""What is wrong with a bundle, and what is worth knowing about it: by file and line, in both languages.

No finding quotes what stands in a cell: the bundle of somebody else may hold what must not be repeated.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from prtras.labels import T

FINDINGS: dict[str, T] = {
    "not_a_zip": T("不是完整的 ZIP 文件。", "This is not a whole zip file."),
    "too_large": T("解压后超过 {limit} 字节，未读取。", "Unpacked it has more than {limit} bytes; it is not read."),
    "surplus_bytes": T("压缩包前后或其中有多余的内容。", "There is something before, between or behind the files."),
    "damaged": T("无法解压：内容已损坏或被加密。", "It cannot be unpacked: it is damaged or encrypted."),
    "unsafe_name": T("文件名不安全。", "The name of this file is unsafe."),
    "twice_in_zip": T("压缩包内有两个同名文件。", "Two files of the zip have this name."),
    "unreadable": T("无法读取：{why}。", "It cannot be read: {why}."),
    "missing_file": T("清单所列的文件不存在。", "The manifest lists a file that is not there."),
    "unlisted_file": T("清单未列出此文件。", "The manifest does not list this file."),
    "other_sha256": T("SHA-256 与清单不同。", "Its SHA-256 is not that of the manifest."),
    "other_bytes": T(
        "字节数与清单不同：{actual}，清单为 {listed}。", "It has {actual} bytes, {listed} in the manifest."
    ),
    "other_rows": T("行数与清单不同：{actual}，清单为 {listed}。", "It has {actual} rows, {listed} in the manifest."),
    "no_fact": T("清单缺少“{name}”。", "The manifest lacks “{name}”."),
    "other_sums": T("SHA256SUMS 与文件不符。", "SHA256SUMS is not about these files."),
    "no_signature": T("没有签名或签名密钥。", "There is no signature, or no key of it."),
    "bad_signature": T("签名与清单不符。", "The signature is not of this manifest."),
    "other_key": T(
        "签名密钥（{fingerprint}）不在所指定的密钥之中。", "It is signed by a key that was not given ({fingerprint})."
    ),
    "other_results": T("不是所指定的结果校验值。", "This is not the checksum of results that was given."),
    "unknown_type": T("列 {column} 的类型不存在。", "The type of column {column} does not exist."),
    "no_code_list": T(
        "列 {column} 的编码表不在 value_labels.csv 中。", "The code list of {column} is not in value_labels.csv."
    ),
    "column_twice": T("列 {column} 说明了两次。", "Column {column} is explained twice."),
    "code_twice": T("同一编码出现两次。", "The same code occurs twice."),
    "no_table": T("编码手册说明的表不存在。", "The codebook explains a table that is not there."),
    "unexplained_table": T("编码手册没有说明此表。", "The codebook does not explain this table."),
    "other_head": T("列与编码手册不同。", "Its columns are not those of the codebook."),
    "other_length": T("单元格数与首行不同。", "This row has not as many cells as the head."),
    "no_value": T("{column}：不是类型 {kind} 的值。", "{column}: no value of type {kind}."),
    "no_code": T("{column}：编码表 {codes} 中没有此代码。", "{column}: a code that {codes} does not have."),
    "no_key": T("{column}：主键为空。", "{column}: this key is empty."),
    "key_twice": T("主键与前面一行相同。", "A row before has the same key."),
    "no_participant": T("受试者不在 participants 表中。", "This participant is not in the table of participants."),
    "no_visit": T("访视不在 visits 表中。", "This visit is not in the table of visits."),
    "no_page": T("该行所属的页不在 {form} 表中。", "The page of this row is not in the table {form}."),
    "no_form": T("表单代码不存在。", "There is no form of this code."),
    "number_differs": T(
        "{program}：“{place}”与重新计算的结果不同。", "{program}: “{place}” is not what is computed again."
    ),
    "program_failed": T(
        "{program} 未能完成（退出码 {status}）。", "{program} did not end well (exit status {status})."
    ),
}
NOTES: dict[str, T] = {
    "files": T("{files} 个文件、{rows} 行数据已核对。", "{files} files and {rows} rows were checked."),
    "known_key": T("由所指定的密钥签名：{fingerprint}。", "Signed by a key that was given: {fingerprint}."),
    "unknown_key": T(
        "由未知密钥签名：{fingerprint}。没有指定密钥，因此不能说明数据包由谁制作。",
        "Signed by an unknown key: {fingerprint}. No key was given, so nothing here says who made this bundle.",
    ),
    "program_agrees": T("{program}：{compared} 个数全部相符。", "{program}: all {compared} numbers agree."),
    "not_run": T(
        "未运行数据包中的程序：只有由所指定密钥签名的程序才会运行。",
        "The programs of the bundle were not run: only those that a given key signed are run.",
    ),
    "no_program": T("未运行 {program}：本机没有 {needs}。", "{program} was not run: {needs} is not on this machine."),
}
#: How many findings of one file are listed; the rest is only counted.
MOST_LISTED = 100


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: its code, the file, the line (from 1; None: the whole file), and what the words need."""

    code: str
    file: str
    line: int | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> T:
        """In both languages."""
        return FINDINGS[self.code].format(**self.values)

    @property
    def place(self) -> str:
        """The file, and the line where there is one."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Note:
    """Something worth knowing that is not wrong."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> T:
        """In both languages."""
        return NOTES[self.code].format(**self.values)


@dataclass
class Report:
    """Everything that was noticed; a bundle without findings is good."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def add(self, code: str, file: str, line: int | None = None, **values: Any) -> None:
        """One more finding."""
        self.findings.append(Finding(code, file, line, values))

    def note(self, code: str, **values: Any) -> None:
        """One more note."""
        self.notes.append(Note(code, values))

    def plain(self) -> dict[str, Any]:
        """As JSON has it, with its texts."""
        return {
            "good": not self.findings,
            "findings": [asdict(each) | {"zh": each.text.zh, "en": each.text.en} for each in self.findings],
            "notes": [asdict(each) | {"zh": each.text.zh, "en": each.text.en} for each in self.notes],
        }


def line_of(text: str, *needles: str) -> int | None:
    """The line (from 1) of the last of these texts, each behind the one before; None where one is missing."""
    at = behind = 0
    for needle in needles:
        at = text.find(needle, behind)
        if at < 0:
            return None
        behind = at + len(needle)
    return text.count("\n", 0, at) + 1
