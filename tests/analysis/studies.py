"""Small invented studies as the tables of a data cut, for tests of everything between cut and report."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from prtras.datacut.snapshot import Row

DAY_0 = date(2024, 1, 1)
CUTOFF = date(2027, 6, 30)
Tables = dict[str, list[Row]]


def on(week: float) -> str:
    """The day so many weeks after Day 0."""
    return (DAY_0 + timedelta(days=round(7 * week))).isoformat()


def study(people: Sequence[Mapping[str, Any]], **more: list[dict[str, Any]]) -> Tables:
    """The tables of participants: `arm`, `scans` (weeks), `recurrence`, `death`, `new_therapy` (week or text) and more.

    `virology` has by week HBsAg (log10 IU/mL), the qualifier of HBV DNA and perhaps further items; `forms` are further
    items by form, on the row that they have there or on a new one. `more` are further tables; what a form lacks is an
    empty table.
    """
    tables: Tables = {
        name: []
        for name in (
            "participants",
            "visits",
            "mri",
            "recur",
            "death",
            "subtx",
            "dm",
            "hcc",
            "lbviro",
            "eos",
            "ae",
            "dv",
        )
    } | {"radtx": []}
    for n, person in enumerate(people, start=1):
        number = f"01-{n:03d}"
        _add(tables, number, {"REPEAT": 1} | dict(person))
    for name, rows in more.items():
        tables[name] = [*tables.get(name, []), *map(Row, rows)]
    return tables


def _add(tables: Tables, number: str, person: dict[str, Any]) -> None:
    who = {"SITEID": "01", "SUBJID": number}
    tables["participants"].append(
        Row(who | {"STATE": "on_study", "ARMCD": person.get("arm", "A1"), "DAY0": person.get("day_0", on(0))})
    )
    tables["visits"].append(Row(who | {"VISIT": "W12", "OPENS": on(11), "CLOSES": on(13), "STATE": "planned"}))
    for week in person.get("scans", ()):
        row = {"VISIT": f"W{week}", "REPEAT": 1, "mri_date": on(week), "mri_quality": "GOOD", "mri_done": "Y"}
        tables["mri"].append(Row(who | row))
    for form, item, key, values in (
        ("recur", "rec_date", "recurrence", {"rec_adj": "CONFIRMED"}),
        ("death", "dth_date", "death", {}),
        ("subtx", "st_start", "new_therapy", {"st_type": "TACE"}),
    ):
        when = person.get(key)
        if when is not None:
            tables[form].append(Row(who | {"REPEAT": 1, item: when if isinstance(when, str) else on(when)} | values))
    tables["dm"].append(Row(who | {"age_consent": person.get("age", 50), "sex": person.get("sex", "M")}))
    tables["hcc"].append(Row(who | {"bclc_ent": person.get("bclc", "A")}))
    when = person.get("treated", -4)
    if when is not None:
        tables["radtx"].append(Row(who | {"tx_date": when if isinstance(when, str) else on(when)}))
    if "hbsag" in person:
        tables["lbviro"].append(Row(who | {"VISIT": "W0", "hbsag_log": person["hbsag"]}))
    for week, (log, dna, *more) in person.get("virology", {}).items():
        result = {"hbsag_log": log, "hbsag_q": "QUANT" if log is None or log > -1.3 else "LT_LLOQ", "hbvdna_q": dna}
        result |= more[0] if more else {}
        tables["lbviro"].append(Row(who | {"VISIT": f"W{week}", "REPEAT": 1, "viro_date": on(week)} | result))
    for form, items in person.get("forms", {}).items():
        rows = [row for row in tables.setdefault(form, []) if row["SUBJID"] == number]
        if rows:
            rows[0].update(items)
        else:
            tables[form].append(Row(who | {"REPEAT": 1} | items))


def cohort(**common: Any) -> list[dict[str, Any]]:
    """Forty participants, twenty in each arm, 22 of them with a recurrence; `common` stands in each of them."""
    people = []
    for n in range(40):
        arm, recurs = ("A1", n % 4 != 0) if n < 20 else ("A2", n % 3 == 0)
        weeks = [12 * k for k in range(1, 3 + n % 11)]
        person = {
            "arm": arm,
            "scans": weeks,
            "age": 40 + (n * 7) % 30,
            "bclc": "A0"[n % 3 == 0],
            "hbsag": 1 + (n * 3) % 5 / 2,
        }
        if recurs:
            person["recurrence"] = weeks[-1]
        people.append(person | common)
    return people
