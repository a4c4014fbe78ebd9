"""Reading a MedDRA release as it is handed out: a zip with ASCII files, one folder a language.

Read are `llt.asc`, `mdhier.asc` and `meddra_release.asc`; fields end with `$`. Source: MedDRA Distribution File Format
Document.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from prtras.coding.terms import Lowest, Terms
from prtras.labels import T

LOWEST, HIERARCHY, RELEASE = "llt.asc", "mdhier.asc", "meddra_release.asc"
#: Bytes of one file when unpacked; those of MedDRA have less than ten million.
LARGEST_FILE = 60_000_000
_VERSION = re.compile(r"[0-9]{1,3}\.[0-9]")
_CODE = re.compile(r"[1-9][0-9]{7}")
_CHINESE = re.compile("[\u4e00-\u9fff]")

NOT_A_ZIP = T("文件不是 ZIP 压缩包。", "The file is not a ZIP archive.")
ENCRYPTED = T("压缩包有密码，请先解压再重新打包。", "The archive has a password; pack it again without one.")
NO_FILES = T(
    "压缩包中没有 llt.asc 和 mdhier.asc（MedAscii 文件夹）。",
    "The archive holds no llt.asc with mdhier.asc (the folder MedAscii).",
)
TOO_LARGE = T("{name} 解压后过大。", "{name} is too large when unpacked.")
NOT_TEXT = T("{name} 既不是 UTF-8 也不是 GB18030 编码。", "{name} is neither UTF-8 nor GB18030.")
NO_TERMS = T("llt.asc 中没有术语。", "llt.asc holds no terms.")
NO_VERSION = T(
    "无法从 meddra_release.asc 读出版本号（如 27.1）。", "meddra_release.asc does not say the version (such as 27.1)."
)
VERSIONS = T("压缩包中有两个版本：{versions}。", "The archive holds two versions: {versions}.")
SAME_LANGUAGE = T("压缩包中同一语言有两份。", "The archive holds one language twice.")
FIELDS = T("{name} 第 {n} 行的字段数不对。", "{name}, line {n}: wrong number of fields.")
BAD_CODE = T("{name} 第 {n} 行：代码“{code}”不是 8 位数字。", "{name}, line {n}: code “{code}” is not of 8 digits.")
NO_NAME = T("{name} 第 {n} 行没有名称。", "{name}, line {n}: no name.")
TWICE = T("{name}：代码 {code} 出现两次。", "{name}: code {code} occurs twice.")
PATHS = T("首选语 {code} 应有且只有一条主路径。", "Preferred term {code} must have one primary path.")
NO_PREFERRED = T("低位语 {code} 没有首选语。", "Lowest level term {code} has no preferred term.")
DIFFERENT = T("两种语言的代码 {code} 不一致。", "Code {code} differs between the two languages.")


class ReleaseRefused(ValueError):
    """The files are not taken; the text says why."""

    def __init__(self, text: T) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True)
class Release:
    """What a zip holds: the version, the languages, the terms."""

    version: str
    languages: tuple[str, ...]
    terms: Terms


def read_release(archive: bytes) -> Release:
    """The release in a zip, in one language or both. Raises ReleaseRefused."""
    parts = [_read_folder(files) for files in _folders(archive)]
    if not parts:
        raise ReleaseRefused(NO_FILES)
    if len(versions := {part.version for part in parts}) > 1:
        raise ReleaseRefused(VERSIONS.format(versions=", ".join(sorted(versions))))
    by_language = {part.languages[0]: part for part in parts}
    if len(by_language) < len(parts):
        raise ReleaseRefused(SAME_LANGUAGE)
    first, *others = parts
    return merged(first, others[0]) if others else first


def merged(first: Release, second: Release) -> Release:
    """One release with the names of both. Raises ReleaseRefused where they differ in more than names."""
    one, other = first.terms, second.terms
    for code in sorted(one.lowest.keys() | other.lowest.keys()):
        here, there = one.lowest.get(code), other.lowest.get(code)
        if here is None or there is None or here[:3] != there[:3]:
            raise ReleaseRefused(DIFFERENT.format(code=code))
    for code in sorted(one.paths.keys() | other.paths.keys()):
        if one.paths.get(code) != other.paths.get(code):
            raise ReleaseRefused(DIFFERENT.format(code=code))
    lowest = [
        Lowest(*term[:3], term.zh or other.lowest[code].zh, term.en or other.lowest[code].en)
        for code, term in one.lowest.items()
    ]
    if one.upper.keys() != other.upper.keys():
        raise ReleaseRefused(DIFFERENT.format(code=min(one.upper.keys() ^ other.upper.keys())))
    upper = {code: (zh or other.upper[code][0], en or other.upper[code][1]) for code, (zh, en) in one.upper.items()}
    languages = tuple(sorted({*first.languages, *second.languages}))
    return Release(first.version, languages, Terms(lowest, one.paths, upper))


def _folders(archive: bytes) -> Iterator[dict[str, str]]:
    """The texts of the three files, folder by folder, for each folder that has the two that are needed."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            folders: dict[PurePosixPath, dict[str, zipfile.ZipInfo]] = {}
            for entry in opened.infolist():
                path = PurePosixPath(entry.filename.replace("\\", "/"))
                if path.name.lower() in (LOWEST, HIERARCHY, RELEASE):
                    folders.setdefault(path.parent, {})[path.name.lower()] = entry
            for _, files in sorted(folders.items()):
                if LOWEST in files and HIERARCHY in files:
                    yield _texts({name: _bytes(opened, name, entry) for name, entry in files.items()})
    except (zipfile.BadZipFile, NotImplementedError, EOFError):
        raise ReleaseRefused(NOT_A_ZIP) from None


def _bytes(opened: zipfile.ZipFile, name: str, entry: zipfile.ZipInfo) -> bytes:
    if entry.flag_bits & 1:
        raise ReleaseRefused(ENCRYPTED)
    if entry.file_size > LARGEST_FILE:
        raise ReleaseRefused(TOO_LARGE.format(name=name))
    return opened.read(entry)


def _texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """The files of a folder in the one encoding of them all: UTF-8, GB18030 where it gives Chinese, else Latin-1.

    In GB18030 the accents of a few English names would look like Chinese letters among many lines without any.
    """
    for encoding in ("utf-8-sig", "gb18030", "cp1252"):
        with suppress(UnicodeDecodeError):
            texts = {name: content.decode(encoding) for name, content in files.items()}
            if encoding != "gb18030" or _mostly_chinese(texts[LOWEST].splitlines()):
                return texts
    raise ReleaseRefused(NOT_TEXT.format(name=LOWEST))


def _mostly_chinese(lines: Sequence[str]) -> bool:
    return 2 * sum(1 for line in lines if _CHINESE.search(line)) > len(lines)


def _read_folder(files: Mapping[str, str]) -> Release:
    """The release of one folder, in the one language that it has."""
    version = files.get(RELEASE, "").split("$")[0].strip()
    if not _VERSION.fullmatch(version):
        raise ReleaseRefused(NO_VERSION)
    lines = list(_lines(LOWEST, files[LOWEST], 11))
    if not lines:
        raise ReleaseRefused(NO_TERMS)
    stated = files[RELEASE].split("$")[1].strip().lower()
    chinese = stated == "chinese" if stated else _mostly_chinese([fields[1] for _, fields in lines])
    lowest = _lowest(lines, chinese)
    paths, upper = _hierarchy(files[HIERARCHY], chinese)
    for term in lowest.values():
        if term.preferred not in paths or term.preferred not in lowest:
            raise ReleaseRefused(NO_PREFERRED.format(code=term.code))
    return Release(version, ("zh",) if chinese else ("en",), Terms(lowest.values(), paths, upper))


def _lines(name: str, text: str, fields: int) -> Iterator[tuple[int, list[str]]]:
    """The lines of a file with their numbers, cut at `$`."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        cut = [field.strip() for field in line.split("$")]
        if len(cut) not in (fields, fields + 1):  # the last field ends with the sign too
            raise ReleaseRefused(FIELDS.format(name=name, n=number))
        yield number, cut


def _code(name: str, number: int, text: str) -> int:
    if not _CODE.fullmatch(text):
        raise ReleaseRefused(BAD_CODE.format(name=name, n=number, code=text[:20]))
    return int(text)


def _names(name: str, number: int, text: str, chinese: bool) -> tuple[str, str]:
    """A name as Chinese and English."""
    if not text:
        raise ReleaseRefused(NO_NAME.format(name=name, n=number))
    return (text, "") if chinese else ("", text)


def _lowest(lines: list[tuple[int, list[str]]], chinese: bool) -> dict[int, Lowest]:
    """Fields 1, 2, 3 and 10 of `llt.asc`: code, name, code of the preferred term, whether current."""
    lowest: dict[int, Lowest] = {}
    for number, fields in lines:
        code, preferred = (_code(LOWEST, number, fields[at]) for at in (0, 2))
        if code in lowest:
            raise ReleaseRefused(TWICE.format(name=LOWEST, code=code))
        lowest[code] = Lowest(code, preferred, fields[9] == "Y", *_names(LOWEST, number, fields[1], chinese))
    return lowest


def _hierarchy(text: str, chinese: bool) -> tuple[dict[int, tuple[int, int, int]], dict[int, tuple[str, str]]]:
    """The primary path of every preferred term, and the names above it; field 12 of `mdhier.asc` says which it is."""
    paths: dict[int, tuple[int, int, int]] = {}
    upper: dict[int, tuple[str, str]] = {}
    preferred = set()
    for number, fields in _lines(HIERARCHY, text, 12):
        pt, *above = (_code(HIERARCHY, number, fields[at]) for at in range(4))
        preferred.add(pt)
        for at, code in enumerate(above):
            upper[code] = _names(HIERARCHY, number, fields[5 + at], chinese)
        if fields[11] != "Y":
            continue
        if pt in paths:
            raise ReleaseRefused(PATHS.format(code=pt))
        paths[pt] = (above[0], above[1], above[2])
    if without := sorted(preferred - paths.keys()):
        raise ReleaseRefused(PATHS.format(code=without[0]))
    return paths, upper
