"""Draws laboratory sheets as six invented hospitals print them, and spoils them as cameras and scanners do.

Everybody on them is invented, and their names say so. A seed gives the same sheet on every machine with the same font.
"""

import io
import random
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from labs.panels import ANALYTES
from labs.panels.synonyms import SYNONYMS

FONTS = "/usr/share/fonts/opentype/noto/NotoSansCJK-{}.ttc"
PEOPLE = ("虚构甲", "虚构乙", "测试丙", "样例丁", "假名戊")
HOSPITALS = ("虚构市第一样例医院", "示例大学附属测试医院", "样例省虚构人民医院")
#: Decimals as analysers print them.
DECIMALS = {"wbc": 2, "neut": 2, "neutp": 1, "lym": 2, "mono": 2, "eos": 2, "rbc": 2, "hgb": 0, "plt": 0, "alt": 1,
            "ast": 1, "ggt": 1, "alp": 0, "tbil": 1, "dbil": 1, "tp": 1, "alb": 1, "creat": 1, "urea": 2, "urate": 0,
            "gluc": 2, "k": 2, "na_": 1, "phos": 2, "trig": 2, "ck": 0, "pt": 1, "inr": 2, "pta": 1, "aptt": 1,
            "fib": 2, "tsh": 3, "ft4": 2, "ft3": 2, "tpoab": 2, "tgab": 2, "afp": 2, "afpl3": 1, "pivka": 1, "cea": 2,
            "ca199": 2}  # fmt: skip
UNITS = {"10^9/L": ("10^9/L", "×10^9/L", "10*9/L", "10⁹/L"), "10^12/L": ("10^12/L", "×10^12/L", "10*12/L"),
         "umol/L": ("μmol/L", "umol/L"), "1": ("",), "s": ("s", "秒"), "U/L": ("U/L", "IU/L")}  # fmt: skip
BLOOD = ("wbc", "neut", "neutp", "lym", "mono", "eos", "rbc", "hgb", "plt")
CHEMISTRY = ("alt", "ast", "ggt", "alp", "tbil", "dbil", "tp", "alb", "creat", "urea", "urate", "gluc", "k", "na_",
             "phos", "trig", "ck")  # fmt: skip
OTHERS = ("pt", "inr", "pta", "aptt", "fib", "tsh", "ft4", "ft3", "tpoab", "tgab", "afp", "afpl3", "pivka", "cea",
          "ca199")  # fmt: skip
#: What no study keeps; a sheet has such lines too.
STRANGERS = (("红细胞分布宽度", "RDW", "13.1", "%", "11.5-14.5"), ("血小板压积", "PCT", "0.21", "%", "0.11-0.28"),
             ("前白蛋白", "PA", "265", "mg/L", "200-430"),
             ("胱抑素C", "CysC", "0.86", "mg/L", "0.51-1.09"))  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of a sheet as it is printed, and the measure it is about (empty: none of ours)."""

    measure: str
    name: str
    code: str
    value: str
    unit: str
    range: str
    flag: str


@dataclass(frozen=True)
class Layout:
    """How a hospital prints: columns (kind, head, share of the width), how many beside each other, its spellings."""

    name: str
    columns: tuple[tuple[str, str, float], ...]
    halves: int = 1
    english: bool = False
    dash: str = "-"
    one_limit: bool = False
    flags: str = "column"
    arrows: tuple[str, str] = ("↑", "↓")
    unit_in_name: bool = False
    ruled: bool = False
    font: str = "Regular"
    size: int = 24


LAYOUTS = (
    Layout("two columns of a LIS", (("name", "项目名称", 0.32), ("value", "结果", 0.14), ("flag", "提示", 0.1),
           ("unit", "单位", 0.18), ("range", "参考区间", 0.26)), halves=2, size=22),
    Layout("one column with codes", (("number", "序号", 0.07), ("code", "代号", 0.12), ("name", "检验项目", 0.3),
           ("value", "结果", 0.15), ("unit", "单位", 0.16), ("range", "参考范围", 0.2)), flags="behind", dash="--"),
    Layout("English", (("name", "Test", 0.34), ("value", "Result", 0.16), ("flag", "Flag", 0.1),
           ("unit", "Unit", 0.17), ("range", "Reference range", 0.23)), english=True, arrows=("H", "L")),
    Layout("both languages", (("name", "项目 Test", 0.34), ("value", "结果 Result", 0.17), ("unit", "单位 Unit", 0.17),
           ("range", "参考范围 Range", 0.22), ("flag", "标志 Flag", 0.1)), one_limit=True, ruled=True),
    Layout("units in the names", (("name", "项目", 0.44), ("value", "测定结果", 0.2), ("flag", "高低", 0.12),
           ("range", "参考值", 0.24)), unit_in_name=True, one_limit=True, dash="~"),
    Layout("two columns, ruled", (("name", "项目名称", 0.34), ("value", "检验结果", 0.2), ("range", "参考值", 0.26),
           ("unit", "单位", 0.2)), halves=2, flags="behind", dash="--", one_limit=True, ruled=True, size=21,
           font="Medium"),
)  # fmt: skip


@dataclass(frozen=True)
class DrawnSheet:
    """A picture and what is printed on it."""

    layout: Layout
    lines: tuple[Line, ...]
    picture: bytes


def draw_sheet(seed: int) -> DrawnSheet:
    """The sheet of a seed: one of the layouts, its lines, spoilt."""
    chance = random.Random(seed)
    layout = LAYOUTS[seed % len(LAYOUTS)]
    if not _has(layout.font):
        layout = replace(layout, font="Regular")
    lines = tuple(_lines(layout, chance))
    return DrawnSheet(layout, lines, _spoilt(_printed(layout, lines, chance), chance, seed))


def _has(font: str) -> bool:
    try:
        ImageFont.truetype(FONTS.format(font), 20)
    except OSError:
        return False
    return True


def _lines(layout: Layout, chance: random.Random) -> list[Line]:
    groups = (BLOOD, CHEMISTRY, OTHERS)
    pool = list(chance.choice((BLOOD + OTHERS[:5], CHEMISTRY, OTHERS, groups[0] + groups[1])))
    chosen = sorted(chance.sample(pool, min(len(pool), chance.randint(9, 18))), key=pool.index)
    sex = chance.choice("MF")
    lines = [_line(layout, code, sex, chance) for code in chosen]
    if not layout.english and not layout.unit_in_name:
        name, code, value, unit, limits = chance.choice(STRANGERS)
        lines.insert(chance.randint(0, len(lines)), Line("", name, code, value, unit, limits, ""))
    return lines


def _line(layout: Layout, code: str, sex: str, chance: random.Random) -> Line:
    analyte = ANALYTES[code]
    limits = analyte.reference.get("all") or analyte.reference[sex]
    places = Decimal(1).scaleb(-DECIMALS[code])
    value = _value(code, limits.low, limits.high, chance).quantize(places)
    flag = "HIGH" if value > limits.high else "LOW" if value < limits.low else ""
    printed_places = max(DECIMALS[code] - 1, 0) if code not in ("eos", "inr", "phos", "tsh") else 2
    low, high = (f"{limit:.{printed_places}f}" for limit in (limits.low, limits.high))
    low, high = (low, high) if Decimal(low) == limits.low and Decimal(high) == limits.high else (
        f"{limits.low:f}", f"{limits.high:f}")  # fmt: skip
    if limits.low == 0 and layout.one_limit:
        printed = f"<{high}"
    else:
        printed = f"{low}{layout.dash}{high}"
    unit = chance.choice(UNITS.get(analyte.unit, (analyte.unit,)))
    names = [name for name in SYNONYMS[code] if not name.isascii() and len(name) > 1] or [analyte.title.zh]
    name = analyte.title.en if layout.english else chance.choice((analyte.title.zh, chance.choice(names)))
    if layout.unit_in_name and unit:
        name = f"{name}({unit})"
    return Line(code, name, analyte.lbtestcd, f"{value:f}", "" if layout.unit_in_name else unit, printed, flag)


def _value(code: str, low: Decimal, high: Decimal, chance: random.Random) -> Decimal:
    """In the range more often than not; else beyond it, now and then far."""
    soft = ANALYTES[code].soft
    kind = chance.random()
    if kind < 0.65:
        return low + (high - low) * Decimal(chance.uniform(0.02, 0.98))
    if kind < 0.85 or low <= soft.low:
        return high + (soft.high - high) * Decimal(chance.random() ** 3)
    return soft.low + (low - soft.low) * Decimal(chance.random())


def _printed(layout: Layout, lines: tuple[Line, ...], chance: random.Random) -> Image.Image:
    """The sheet as it comes out of the printer."""
    rows = -(-len(lines) // layout.halves)
    step = round(layout.size * chance.uniform(1.7, 2.1))
    width, height = (1560 if layout.halves == 2 else 1240), 330 + step * (rows + 1) + 170
    sheet = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(sheet)
    _head(pen, width, layout, chance)
    top, left, right = 270, 50, width - 50
    half = (right - left) // layout.halves
    font = ImageFont.truetype(FONTS.format(layout.font), layout.size)
    for part in range(layout.halves):
        own = lines[part * rows : (part + 1) * rows]
        _table(pen, layout, own, (left + part * half, top, half - (24 if layout.halves == 2 else 0), step), font, rows)
    small = ImageFont.truetype(FONTS.format("Regular"), 19)
    foot = height - 110
    pen.line((left, foot, right, foot), fill="black", width=2)
    pen.text(
        (left, foot + 12), "检验者：样例员    审核者：测试员    报告时间：2025-08-25 16:20", font=small, fill="black"
    )
    pen.text((left, foot + 44), "注：本报告仅对所检标本负责。虚构样张，仅供测试。", font=small, fill="black")
    return sheet


def _head(pen: ImageDraw.ImageDraw, width: int, layout: Layout, chance: random.Random) -> None:
    large = ImageFont.truetype(FONTS.format("Bold"), 34)
    small = ImageFont.truetype(FONTS.format("Regular"), 20)
    title = f"{chance.choice(HOSPITALS)}检验报告单"
    pen.text((width // 2, 60), title, font=large, fill="black", anchor="mm")
    first = f"姓名：{chance.choice(PEOPLE)}    性别：{chance.choice('男女')}    年龄：{chance.randint(30, 80)}岁"
    pen.text((50, 120), f"{first}    病历号：{chance.randint(10**7, 10**8)}", font=small, fill="black")
    pen.text((50, 160), "标本：血清    采样时间：2025-08-25 08:30    申请科室：样例科", font=small, fill="black")
    pen.line((50, 210, width - 50, 210), fill="black", width=2)


def _table(
    pen: ImageDraw.ImageDraw, layout: Layout, lines: tuple[Line, ...], place: tuple[int, int, int, int],
    font: ImageFont.FreeTypeFont, rows: int,
) -> None:  # fmt: skip
    left, top, width, step = place
    heads = {kind: head for kind, head, _ in layout.columns}
    for row, line in enumerate((None, *lines)):
        y, x = top + row * step, left
        for kind, _, share in layout.columns:
            text = heads[kind] if line is None else _cell(layout, line, kind, row)
            _write(pen, (x + 4, y), text, _fitting(font, text, width * share - 8))
            x += round(width * share)
        if layout.ruled:
            pen.line((left, y - 6, left + width, y - 6), fill="gray", width=1)
    if layout.ruled:
        bottom, x = top + (rows + 1) * step - 6, left
        for _, _, share in (*layout.columns, ("", "", 0.0)):
            pen.line((x - 2, top - 6, x - 2, bottom), fill="gray", width=1)
            x += round(width * share)


def _write(pen: ImageDraw.ImageDraw, place: tuple[float, float], text: str, font: ImageFont.FreeTypeFont) -> None:
    """A text; the power of `10⁹` small and raised, for which the font has no sign."""
    base, power, rest = text.partition("⁹")
    pen.text(place, base, font=font, fill="black")
    if power:
        x, small = place[0] + font.getlength(base), font.font_variant(size=round(font.size * 0.62))
        pen.text((x, place[1] - font.size * 0.08), "9", font=small, fill="black")
        pen.text((x + small.getlength("9"), place[1]), rest, font=font, fill="black")


def _cell(layout: Layout, line: Line, kind: str, row: int) -> str:
    flag = {"HIGH": layout.arrows[0], "LOW": layout.arrows[1], "": ""}[line.flag]
    if kind == "value":
        return f"{line.value} {flag}".strip() if layout.flags == "behind" else line.value
    return {"number": str(row), "flag": flag}.get(kind) or str(getattr(line, kind, ""))


def _fitting(font: ImageFont.FreeTypeFont, text: str, width: float) -> ImageFont.FreeTypeFont:
    """A smaller font where the text would run into the next column: as printers do."""
    while font.getlength(text) > width and font.size > 12:
        font = font.font_variant(size=font.size - 1)
    return font


def _spoilt(sheet: Image.Image, chance: random.Random, seed: int) -> bytes:
    """As a scanner or a telephone gives it: turned a little, lit from one side, blurred, noisy, compressed."""
    sheet = sheet.rotate(chance.uniform(-2.2, 2.2), Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    scale = chance.uniform(0.85, 1.25)
    sheet = sheet.resize((round(sheet.width * scale), round(sheet.height * scale)), Image.Resampling.LANCZOS)
    sheet = sheet.filter(ImageFilter.GaussianBlur(chance.uniform(0, 1.6)))
    light = np.linspace(chance.uniform(0.62, 1.0), 1.0, sheet.width)[None, :, None]
    if chance.random() < 0.5:
        light = np.linspace(1.0, chance.uniform(0.62, 1.0), sheet.height)[:, None, None]
    noise = np.random.default_rng(seed).normal(0, chance.uniform(0, 13), (sheet.height, sheet.width, 1))
    dots = np.clip(np.asarray(sheet, dtype=np.float32) * light + noise, 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(dots).save(stream, "JPEG", quality=chance.randint(28, 88))
    return stream.getvalue()
