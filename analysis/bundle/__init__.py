"""What the analysis adds to the statistician's bundle: adtte.csv, the numbers, and programs that compute them."""

import json
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from analysis import plan, results
from analysis.outputs import OUTPUTS
from prtras import env
from prtras.datacut.snapshot import Snapshot
from prtras.files.tables import csv_bytes

if TYPE_CHECKING:
    from analysis.endpoints import Tables
    from analysis.outputs.data import AnalysisData

FOLDER = env.ROOT / "analysis" / "bundle"
#: The programs that compute the numbers again, each with the folder of its parts.
PROGRAMS = ("recompute.R", "recompute.py", "recomputation/*.R", "recomputation/*.py")


def files(picture: Snapshot, cutoff: date) -> dict[str, bytes]:
    """adtte.csv, expected.json, results.json (the bytes whose checksum a run states), the programs, README.txt."""
    return numbers_files(picture.tables, cutoff) | programs() | {"README.txt": README.encode()}


def numbers_files(tables: "Tables", cutoff: date) -> dict[str, bytes]:
    """adtte.csv and expected.json."""
    from analysis.endpoints import COLUMNS
    from analysis.outputs.data import AnalysisData

    data = AnalysisData.of(tables, cutoff)
    frame = data.frame
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False)
    return {
        "adtte.csv": csv_bytes(COLUMNS, rows),
        "results.json": results.compute(tables, cutoff).canonical(),
        "expected.json": json.dumps(expected(data), indent=1, sort_keys=True, allow_nan=False).encode(),
    }


def programs() -> dict[str, bytes]:
    """The programs in R and in Python."""
    paths = sorted(path for pattern in PROGRAMS for path in FOLDER.glob(pattern))
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in paths}


def expected(data: "AnalysisData") -> dict[str, Any]:
    """Every number that the outputs show, by output and place, and the facts of the plan that the programs read.

    An output that could not be computed has no numbers.
    """
    from analysis.survival.fits import attempt

    numbers: dict[str, Mapping[str, float | None]] = {}
    for output in OUTPUTS:
        computed = attempt(output.code, [], partial(output.compute, data))
        numbers[output.code] = output.expected(computed) if output.expected and computed is not None else {}
    facts = {
        "cutoff": data.cutoff.isoformat(),
        "read_week": plan.READ_WEEK,
        "read_day": plan.READ_DAY,
        "ticks": list(plan.TICKS),
        "emergent_days": plan.EMERGENT_DAYS,
    }
    return {"plan": facts, "numbers": numbers}


README = """PRTRAS-001 统计数据包
data/          每张表单、每个重复部分各一个 CSV；代码、ISO 日期，未作任何插补
adtte.csv      时间-事件数据（TTR、RFS、TTRGAP）：AVAL 为天数（第 0 天 = 1），NOMWEEK 为计划访视周，CNSR 0 = 事件
codebook.csv、value_labels.csv   每一列、每个代码的中英文说明
recompute.R    Rscript recompute.R（R 及其 survival 包）：由 adtte.csv 重新计算 Kaplan-Meier、log-rank 和 Cox，
               并与 expected.json 核对
manifest.json  数据快照、稽查轨迹最新封存值、各文件的行数与 SHA-256

PRTRAS-001 statistician's bundle
data/          one CSV per form, one per repeating part; codes, ISO dates, nothing imputed
adtte.csv      time-to-event rows (TTR, RFS, TTRGAP): AVAL in days (Day 0 = 1), NOMWEEK nominal visit week,
               CNSR 0 = event
codebook.csv, value_labels.csv   every column and code in Chinese and English
recompute.R    Rscript recompute.R   (R with package survival): recomputes Kaplan-Meier, log-rank and Cox from
               adtte.csv and compares them with expected.json
manifest.json  data cut, audit head seal, rows and SHA-256 of every file
"""
