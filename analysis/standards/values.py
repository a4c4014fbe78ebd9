"""How a stored value is written in SDTM: controlled terms, units, texts in English, dates as they were known. Pure."""

import re
from typing import Any

from prtras.crf.items import Item
from prtras.labels import T

NOT_DONE = "NOT DONE"
#: By code list: what a code is in the controlled terminology, or in SDTM; an empty text is no value.
CODED: dict[str, dict[str, str]] = {
    "ARM": {"A1": "NA", "A2": "NAPEG"},
    "LBSTAT": {"DONE": "", "ND": NOT_DONE},
    "POSNEG": {"POS": "POSITIVE", "NEG": "NEGATIVE", "IND": "INDETERMINATE"},
    "POSNEGND": {"POS": "POSITIVE", "NEG": "NEGATIVE", "IND": "INDETERMINATE", "ND": NOT_DONE},
    "IMGMOD": {"MRI": "MRI", "CT": "CT SCAN", "CEUS": "CONTRAST ENHANCED ULTRASOUND", "US": "ULTRASOUND",
               "PETCT": "PET/CT SCAN", "BONESCAN": "SCINTIGRAPHY", "CHESTCT": "CHEST CT SCAN", "DSA": "ANGIOGRAPHY"},
    "VISIT_STATUS": {"DONE": "Y", "PARTIAL": "Y", "MISSED": "N"},
    "CONTACT_MODE": {"CLINIC": "IN PERSON", "INPATIENT": "IN PERSON", "PHONE": "TELEPHONE CALL",
                     "REMOTE": "REMOTE AUDIO VIDEO"},
    "PGSTAT": {"GIVEN": "Y", "REDUCED": "Y", "DELAYED": "Y", "HELD": "N", "MISSED": "N", "STOPPED": "N"},
    "PGSITE": {"ABDOMEN": "ABDOMEN", "THIGH": "THIGH", "UPPERARM": "ARM"},
    "FREQ": {"QW": "1 TIME PER WEEK", "Q2W": "EVERY 2 WEEKS", "Q3W": "EVERY 3 WEEKS"},
    "EHSITE": {"LUNG": "LUNG", "BONE": "BONE", "LN": "LYMPH NODE", "ADRENAL": "ADRENAL GLAND", "PERIT": "PERITONEUM",
               "BRAIN": "BRAIN", "OTHER": "OTHER"},
    "SEGMENT": {},
    "MHSTATUS": {"ACTIVE": "ONGOING", "CONTROLLED": "ONGOING", "RESOLVED": "BEFORE"},
    "SCRSTATUS": {"ELIGIBLE": "ELIGIBILITY CRITERIA MET", "FAIL": "ELIGIBILITY CRITERIA NOT MET",
                  "PENDING": "ELIGIBILITY PENDING"},
}  # fmt: skip
#: The same where the part of the name decides: whether something goes on, at the reference time point.
ONGOING = {"Y": "ONGOING", "N": "BEFORE"}
#: What was asked about by name and is not there.
ABSENT = ("N", "NONE", "NEVER")
#: Units as the controlled terminology writes them.
UNITS = {
    "ng/mL": "ug/L", "1": "RATIO", "10^3/uL": "10^9/L", "/uL": "10^6/L", "10^6/uL": "10^12/L", "uIU/mL": "mIU/L",
    "mIU/mL": "IU/L", "pg/mL": "ng/L", "degC": "C", "mL/min/1.73m2": "mL/min/1.73 m2", "days": "DAYS", "weeks": "WEEKS",
}  # fmt: skip


def unit(text: str) -> str:
    """A unit as the controlled terminology writes it; one that it does not know stays what it is."""
    return UNITS.get(text, text)


def written(item: Item, value: Any, part: str = "") -> tuple[str, T | None, bool]:
    """A value as SDTM has it, what it means where it is coded, and whether it says less than the code did."""
    if item.codes is None:
        return str(value), None, False
    if part == "ENRTPT" and item.codes.name == "NY":
        return ONGOING[value], item.codes.text(value), False
    text = item.codes.text(value)
    known = CODED.get(item.codes.name, {})
    if value in known:
        shared = sum(other == known[value] for other in known.values()) > 1
        return known[value], text, shared
    if text.en == "Not done":
        return NOT_DONE, text, False
    return (text.en if item.codes.standard == "sponsor" else str(value)), text, False


def occurred(item: Item, value: Any) -> tuple[str, bool]:
    """Whether what a form asks about by name is or was there (`Y`, `N`, `U`), and whether the answer says more."""
    if isinstance(value, list):
        return ("Y" if value else "N"), True
    if item.codes is not None and item.codes.name.startswith("NY"):
        return str(value), False
    return ("N" if value in ABSENT else "Y"), True


def coded_occurrence(item: Item) -> bool:
    """Whether the codes of an item say themselves that something took place or not."""
    return item.codes is not None and (item.codes.name.startswith("NY") or item.codes.name in CODED)


def reported(text: str) -> tuple[str, str]:
    """Number and unit of a text in another unit than the casebook's."""
    plain = text.strip()
    own = plain.lstrip("<>0123456789. ")
    value = plain.removesuffix(own).replace(" ", "")
    return (value, unit(own)) if own and value else (text, "")


def number(value: Any) -> float | int | None:
    """A number of a cut, where decimals are texts."""
    if value is None or value == "":
        return None
    known = float(value)
    return int(known) if known.is_integer() and abs(known) < 2**53 else known


class Names:
    """Short names of eight characters, each given once in a domain, in the order in which they are asked for."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], object] = {}
        self._names: dict[tuple[str, object], str] = {}

    def name(self, domain: str, wish: str, whose: object) -> str:
        """The name of `whose` in a domain: as wished, or with a number where somebody else has it."""
        if (domain, whose) not in self._names:
            base = re.sub("[^A-Z0-9]", "", wish.upper())
            base = (f"Q{base}" if base[:1].isdigit() else base)[:8]
            short, number = base, 1
            while (domain, short) in self._given:
                number += 1
                short = f"{base[: 8 - len(str(number))]}{number}"
            self._given[domain, short] = whose
            self._names[domain, whose] = short
        return self._names[domain, whose]


def cut(text: str, size: int = 40) -> str:
    """A text in ASCII, cut at the end of a word where it is too long."""
    plain = text.replace("≥", ">=").replace("≤", "<=").encode("ascii", "replace").decode()
    if len(plain) <= size:
        return plain
    return plain[: size + 1].rsplit(" ", 1)[0][:size].rstrip(" ,;(")
