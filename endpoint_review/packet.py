"""What reviewers are shown of a participant: imaging, tumour markers, and the evidence on the recurrence form.

A list of what is shown, never of what is hidden: an item that the casebook gets later is not in a packet until somebody
puts it here. Days stand in the place of dates. No text that somebody typed is in it, and neither the site's own
conclusion, nor anything of visits that only one arm has.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from prtras.crf.numbers import plain
from prtras.crf.records import Stored
from prtras.crf.schedule import SCHEDULE
from visits.codelists.imaging import MRIQUAL

Packet = dict[str, list[dict[str, Any]]]
Records = Mapping[str, Sequence[Stored]]
#: The qualities of images that can be judged.
EVALUABLE = tuple(code for code in MRIQUAL.codes if code != "NONDIAG")
#: The items that are shown, by form or repeating part.
SHOWN = {
    "mri": ("mri_mod", "mri_contrast", "mri_quality"),
    "mriobs": (
        "obs_no", "obs_type", "obs_new", "obs_seg", "size_mm", "prior_mm", "lr_cat", "lr_adj", "lrtr", "lrtr_calc",
        "path_proven", "nc", "tiv", "benign", "lrm", "aphe", "washout", "capsule", "tg", "afmal", "afhcc", "afben",
        "tr_eval", "tr_pattern", "tr_morph", "tr_aphe", "tr_wo", "tr_sim", "tr_size",
    ),
    "recur": (
        "rec_site", "rec_basis", "rec_eh", "rec_n", "rec_mm", "rec_vasc", "rec_afp", "rec_biopsy", "rec_histo",
        "rec_bclc",
    ),
}  # fmt: skip
#: The tumour markers, and of each what is shown: the result in the standard unit.
MARKERS = ("afp", "pivka")
FORMS = ("mri", "mriobs", "lbtm", "recur")
EMPTY: Packet = {"scans": [], "markers": [], "recurrences": []}


def packet_of(anchor: date, records: Records) -> Packet:
    """The packet of a participant with this Day 0, from what is submitted: scans, markers, recurrences, each by day."""
    one_arm = {code for schedule in SCHEDULE for code, visit in schedule.visits.items() if visit.arm}
    both = {form: [each for each in records.get(form, ()) if each.visit not in one_arm] for form in FORMS}
    observations: dict[object, list[dict[str, Any]]] = {}
    for row in both["mriobs"]:
        observations.setdefault(row.page, []).append(_values("mriobs", row.values))
    scans = [
        {"day": day} | _values("mri", scan.values) | {"observations": observations.get(scan.page, [])}
        for scan, day in _dated(both["mri"], "mri_date", anchor)
        if scan.values["mri_done"] == "Y"
    ]
    markers = [{"day": day} | _markers(drawn) for drawn, day in _dated(both["lbtm"], "tm_date", anchor)]
    recurrences = [
        {"day": day} | _values("recur", event.values) for event, day in _dated(both["recur"], "rec_date", anchor)
    ]
    return {"scans": scans, "markers": markers, "recurrences": recurrences}


def evaluable_days(packet: Packet) -> list[int]:
    """The days after Day 0 with a scan that can be judged, each once."""
    days = {scan["day"] for scan in packet["scans"] if scan["day"] > 0 and scan.get("mri_quality") in EVALUABLE}
    return sorted(days)


def checksum_of(packet: Packet) -> str:
    """SHA-256 of a packet in one canonical form."""
    return hashlib.sha256(json.dumps(packet, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _dated(pages: Iterable[Stored], item: str, anchor: date) -> list[tuple[Stored, int]]:
    """The pages that have a date, with their day, in order."""
    dated = [(page, (page.values[item] - anchor).days) for page in pages if page.values[item]]
    return sorted(dated, key=lambda each: each[1])


def _values(form: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The items that are shown and have a value."""
    return {item: _plain(values[item]) for item in SHOWN[form] if values[item] not in (None, "", [])}


def _plain(value: Any) -> Any:
    return plain(value) if isinstance(value, Decimal) else value


def _markers(drawn: Stored) -> dict[str, Any]:
    results = {}
    for marker in MARKERS:
        row = drawn.rows.get(marker, {})
        if row.get("stresn") is not None:
            results[marker] = f"{row.get('qualifier') or ''}{plain(row['stresn'])}"
            results |= {f"{marker}_flag": row["nrind"]} if row.get("nrind") else {}
    return results
