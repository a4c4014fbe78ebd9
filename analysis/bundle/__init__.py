"""What the analysis adds to the statistician's bundle: adtte.csv, the R script, and the numbers it must give."""

import json
from datetime import date
from typing import Any

from analysis import plan
from prtras import env
from prtras.datacut.snapshot import Snapshot
from prtras.files.tables import csv_bytes

SCRIPT = env.ROOT / "analysis" / "bundle" / "recompute.R"


def files(picture: Snapshot, cutoff: date) -> dict[str, bytes]:
    """adtte.csv, recompute.R, expected.json, README.txt."""
    from analysis import results
    from analysis.endpoints import COLUMNS, adtte

    frame, _warnings = adtte(picture.tables, cutoff)
    computed = results.by_arm(results.analysis_frame(frame, "TTR"))
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False)
    return {
        "adtte.csv": csv_bytes(COLUMNS, rows),
        "recompute.R": SCRIPT.read_bytes(),
        "expected.json": json.dumps(expected(computed), indent=1, sort_keys=True).encode(),
        "README.txt": README.encode(),
    }


def expected(computed: dict[str, Any]) -> dict[str, Any]:
    """The report's numbers in the shape in which the R script prints its own."""
    test, fitted = computed["primary"]["logrank"], computed["primary"]["cox"]
    return {
        "km": {
            curve["group"]: {
                "n": curve["n"],
                "events": curve["n_events"],
                "time": [row["time"] for row in curve["at"]],
                "n_risk": [row["n_risk"] for row in curve["at"]],
                "surv": [row["surv"] for row in curve["at"]],
                "lower": [row["lo_loglog"] for row in curve["at"]],
                "upper": [row["hi_loglog"] for row in curve["at"]],
            }
            for curve in computed["curves"]
        },
        "logrank": None if test is None else {"chi2": test["chi2"], "p": test["p"]},
        "cox": None
        if fitted is None
        else {
            "n": fitted["n"],
            "coef": {term["name"]: term["coef"] for term in fitted["terms"]},
            "se": {term["name"]: term["se"] for term in fitted["terms"]},
        },
        "read_week": plan.READ_WEEK,
    }


README = """PRTRAS-001 statistician's bundle
data/          one CSV per form, one per repeating part; codes, ISO dates, nothing imputed
adtte.csv      time-to-event rows (TTR, RFS, TTRGAP): AVAL in days (Day 0 = 1), NOMWEEK nominal visit week,
               CNSR 0 = event
codebook.csv, value_labels.csv   every column and code in Chinese and English
recompute.R    Rscript recompute.R   (R with package survival): recomputes Kaplan-Meier, log-rank and Cox from
               adtte.csv and compares them with expected.json
manifest.json  data cut, audit head seal, rows and SHA-256 of every file
"""
