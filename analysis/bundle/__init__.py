"""What the analysis adds to the statistician's bundle: adtte.csv, the R script, and the numbers it must give."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis import plan, results
from analysis.outputs import OUTPUTS
from prtras import env
from prtras.datacut.snapshot import Snapshot
from prtras.files.tables import csv_bytes

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

SCRIPT = env.ROOT / "analysis" / "bundle" / "recompute.R"


def files(picture: Snapshot, cutoff: date) -> dict[str, bytes]:
    """adtte.csv, recompute.R, expected.json, results.json (the bytes whose checksum a run states), README.txt."""
    from analysis.endpoints import COLUMNS
    from analysis.outputs.data import AnalysisData

    data = AnalysisData.of(picture.tables, cutoff)
    frame = data.frame
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False)
    return {
        "adtte.csv": csv_bytes(COLUMNS, rows),
        "recompute.R": SCRIPT.read_bytes(),
        "results.json": results.compute(picture.tables, cutoff).canonical(),
        "expected.json": json.dumps(expected(data), indent=1, sort_keys=True).encode(),
        "README.txt": README.encode(),
    }


def expected(data: "AnalysisData") -> dict[str, Any]:
    """The numbers that the R script recomputes, in the shape in which it prints its own."""
    numbers: dict[str, Any] = {"read_week": plan.READ_WEEK}
    for output in OUTPUTS:
        if output.expected:
            numbers |= output.expected(output.compute(data))
    return numbers


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
