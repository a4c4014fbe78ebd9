"""A data cut in which every item of every form has a value, made from the forms themselves."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from prtras.crf.items import Item
from prtras.crf.registry import Form, Table, all_forms
from prtras.datacut.snapshot import Row

CUTOFF = date(2026, 11, 30)
WHO = {"SITEID": "01", "SUBJID": "01-001"}
CHINESE = "发热、乏力"
LONG = "很长的叙述。" * 60
#: What belongs together and is not just any value.
OWN: dict[str, Any] = {
    "subjid": "01-001", "arm": "A2", "arm_actual": "A2", "anchor_date": "2026-01-15", "alloc_date": "2026-01-15",
    "icf_date": "2026-01-02", "dth_date": "2026-10-05", "eos_date": "2026-10-06", "ae_term": CHINESE, "ae_narr": LONG,
    "hbvdna_q": "QUANT", "hbsag_q": "LT_LLOQ", "hbsab_q": None, "hbeag_q": None, "hbvrna_q": "<",
    "mri_quality": "GOOD", "rec_adj": "CONFIRMED", "rec_visit": "W12",
    "dv_visit": "W12", "eos_status": "DEATH", "tox": "ALT", "toxgr": "2", "stat": "DONE", "reasnd": None,
    "pg_status": "REDUCED", "pg_date": "2026-02-01", "mri_date": "2026-04-09", "rec_date": "2026-04-09",
    "viro_date": "2026-04-09", "last_alive": "2026-10-05", "scr_outcome": "ELIGIBLE", "prior_date": "2026-03-01",
}  # fmt: skip
#: Linked logs have their first record.
NUMBER = 1


def value_of(name: str, item: Item, number: int = NUMBER) -> Any:
    """A value that an item may have; those of one page differ from each other."""
    if name in OWN:
        return OWN[name]
    if item.codes is not None:
        codes = list(item.codes.codes)
        return codes[:2] if item.kind == "codes" else codes[0]
    if item.kind == "integer":
        return number
    return {"decimal": "7.25", "date": "2026-04-09", "partial": "2025-03", "time": "08:30"}.get(
        item.kind, f"{name} text"
    )


def row_of(form: Form, table: Table, **more: Any) -> Row:
    """A page or a row in which everything stands."""
    at_a_visit = form.kind == "visit"
    where = WHO | ({"VISIT": "W12", "VISITSEQ": 0} if at_a_visit else {}) | {"REPEAT": 0, "PAGEVERSION": 1}
    values = {name: value_of(name, item) for name, item in table.items.items()}
    return Row({name: value for name, value in (where | values | more).items() if value is not None})


def rows_of(form: Form, table: Table) -> Iterator[Row]:
    if table.rows is None:
        yield row_of(form, table)
    elif table.rows.keys:
        for number, key in enumerate(table.rows.keys, start=1):
            text = "<7.25" if number == 1 else "7.25"
            own = {table.rows.key: key, "orres": text, "stresn": "7.25", "orresu": table.rows.units[key][0]}
            yield row_of(form, table, ROW=number, qualifier="<" if number == 1 else "", **own)
    else:
        yield row_of(form, table, ROW=1)


def casebook() -> dict[str, list[Row]]:
    """The tables of a cut of one participant."""
    person = Row(WHO | {"SCRNO": "S001", "STATE": "died", "DAY0": "2026-01-15", "ARMCD": "A2"})
    visit = Row(WHO | {"VISIT": "W12", "VISITSEQ": 0, "STATE": "done", "SVSTDTC": "2026-04-09",
                       "OPENS": "2026-04-02", "CLOSES": "2026-04-16"})  # fmt: skip
    tables = {"participants": [person], "visits": [visit], "codings": []}
    for form in all_forms():
        for table in form.tables():
            tables[table.code] = list(rows_of(form, table))
    return tables
