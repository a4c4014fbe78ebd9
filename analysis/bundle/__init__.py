"""What the analysis adds to the statistician's bundle: adtte.csv, the numbers, and programs that compute them."""

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis import plan, results
from analysis.bundle.r_code import FOLDER, r_code
from analysis.outputs import OUTPUTS
from analysis.program_version import program
from analysis.survival.results import Refusal
from prtras.datacut.snapshot import Snapshot
from prtras.files.tables import csv_bytes

if TYPE_CHECKING:
    from analysis.endpoints import Tables

#: The programs that compute the numbers again, each with the folder of its parts.
PROGRAMS = ("recompute.R", "recompute.py", "recomputation/*.R", "recomputation/*.py")


def files(picture: Snapshot, cutoff: date) -> dict[str, bytes]:
    """adtte.csv, imputed.csv, expected.json, results.json, what computed them, programs, README.txt.

    The checksum of results.json is that of a run of the same cut by the same program.
    """
    computed_by = json.dumps(program(), indent=1, sort_keys=True).encode()
    explained = {"program.json": computed_by, "README.txt": README.encode()}
    return numbers_files(picture.tables, cutoff) | programs() | explained


def numbers_files(tables: "Tables", cutoff: date) -> dict[str, bytes]:
    """adtte.csv, imputed.csv, expected.json and results.json."""
    from analysis.endpoints import COLUMNS
    from analysis.outputs.data import AnalysisData
    from analysis.outputs.imputed import COLUMNS as IMPUTED

    data = AnalysisData.of(tables, cutoff)
    computed = results.computed_from(data)
    frame, filled = data.frame, data.imputed
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False)
    return {
        "adtte.csv": csv_bytes(COLUMNS, rows),
        "imputed.csv": csv_bytes(IMPUTED, () if isinstance(filled, Refusal) else filled.values),
        "results.json": computed.canonical(),
        "expected.json": json.dumps(expected(computed, cutoff), indent=1, sort_keys=True, allow_nan=False).encode(),
    }


def programs() -> dict[str, bytes]:
    """The programs in R and in Python, and the R code of each output."""
    paths = sorted(path for pattern in PROGRAMS for path in FOLDER.glob(pattern))
    codes = ((output.code, r_code(output.code)) for output in OUTPUTS)
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in paths} | {
        f"figures/{name}.R": code.encode() for name, code in codes if code
    }


def expected(computed: results.Results, cutoff: date) -> dict[str, Any]:
    """Every number that the outputs show, by output and place, and the facts of the plan that the programs read.

    An output that could not be computed has no numbers.
    """
    numbers: dict[str, Mapping[str, float | None]] = {}
    for output in OUTPUTS:
        if output.expected:
            there = output.code in computed.outputs
            numbers[output.code] = output.expected(computed[output]) if there else {}
    facts = {
        "cutoff": cutoff.isoformat(),
        "read_week": plan.READ_WEEK,
        "read_day": plan.READ_DAY,
        "ticks": list(plan.TICKS),
        "landmarks": list(plan.LANDMARKS),
        "age_cut": plan.AGE_CUT,
        "hbsag_cut": plan.HBSAG_CUT,
        "emergent_days": plan.EMERGENT_DAYS,
        "early_days": plan.EARLY_DAYS,
        "fewest_reviewed": plan.FEWEST_REVIEWED,
    }
    return {"plan": facts, "numbers": numbers}


README = """PRTRAS-001 统计数据包
data/          每张表单、每个重复部分各一个 CSV；代码、ISO 日期，未作任何插补
adtte.csv      时间-事件数据（TTR、RFS、OS、TTRGAP、TTRRAD、TTHBSL，及盲法评审的 TTRBICR）：AVAL 为天数（STARTDT = 1），
               自 ENTRY 之后计入风险集，NOMWEEK 为计划访视周，CNSR 0 = 事件
imputed.csv    缺失基线协变量的插补值（每次插补、每位受试者、每个协变量一行；无缺失时仅有表头）
codebook.csv、value_labels.csv   每一列、每个代码的中英文说明
expected.json  报告所显示的每一个数（按表、按位置；null 即报告中的 NE），以及截止日期、读数周等计划参数；
               设计监测的模拟预测和条件把握度除外
results.json   由 program.json 所述程序计算的结果原文；其 SHA-256 等于同一程序对同一数据快照的运行
               在列表和报告上的结果校验值。数据包在制作时重新计算：若运行之后程序已升级，校验值可能不同
program.json   计算所用的分析计划版本、程序代码校验值和软件包版本；运行的页面列出同样的内容
recompute.R    Rscript recompute.R（R 4.0 以上及其 survival 包）：先由 data/ 中的原始表单重新推导 adtte.csv，
               再仅凭 CSV 重新计算报告的每一个数，并逐一与 expected.json 核对
recompute.py   python recompute.py（Python 3.10 以上及 numpy）：与前者相同，独立编写，不引用本系统的程序。
               两者均逐表列出核对的个数；计数与文字须完全相同，其余数值相对误差不超过 1e-8（绝对值小于 0.01 者
               绝对误差不超过 1e-10）；一方缺失而另一方有数即为差异，逐条列出其位置、应有值与计算值。
               退出码 0：全部相符；1：有差异，或什么也没有核对。可只核对指定的表：recompute.R adtte cox_model
recomputation/ 上述两个程序的各个部分
figures/       每个图表各一段 R 代码（即系统中“数据与代码”页所示），在本目录中运行
m5/            SDTM 和 ADaM 数据集（SAS XPORT 第 5 版）、define.xml 和审阅指南（csdrg.md、adrg.md）
dataset-json/  同样的数据集，Dataset-JSON 1.1，保留中文原文；*.ndjson.gz 为逐行格式
manifest.json  数据快照、稽查轨迹最新封存值、各文件的行数与 SHA-256

PRTRAS-001 statistician's bundle
data/          one CSV per form, one per repeating part; codes, ISO dates, nothing imputed
adtte.csv      time-to-event rows (TTR, RFS, OS, TTRGAP, TTRRAD, TTHBSL, and TTRBICR by the blind review): AVAL in
               days (STARTDT = 1), at risk after ENTRY days, NOMWEEK nominal visit week, CNSR 0 = event
imputed.csv    values imputed for missing baseline covariates: a line per imputation, participant and covariate
codebook.csv, value_labels.csv   every column and code in Chinese and English
expected.json  every number that the report shows (by table and place; null is NE in the report), and the facts of
               the plan: cut-off date, week that is read and so on; but not what the design monitor simulates, nor
               conditional power
results.json   the results as the program of program.json computes them: their SHA-256 is the checksum that a run of
               this data cut by this program has in the list and on the report. A bundle is computed when it is made:
               after an upgrade since the run the checksums may differ
program.json   version of the plan, checksum of the code and versions of the packages; the page of a run names the same
recompute.R    Rscript recompute.R   (R 4.0 or newer with package survival): derives adtte.csv again from the raw
               forms in data/, then computes every number of the report from the CSV files alone and compares each with
               expected.json
recompute.py   python recompute.py   (Python 3.10 or newer with numpy): the same, written on its own; it imports
               nothing of this system.
               Both print how many numbers of each table they compared. Counts and texts must be equal, other numbers
               agree to 1e-8 of their size (those below 0.01 to 1e-10); a number that one side lacks is a difference,
               and each is listed with its place, what was expected and what was computed.
               Exit status 0: all agree; 1: something differs, or nothing was compared.
               Only some tables: recompute.R adtte cox_model
recomputation/ the parts of both programs
figures/       R code of each figure and table, as its page in the system shows it; to be run in this folder
m5/            SDTM and ADaM datasets (SAS XPORT version 5), define.xml, reviewer's guides (csdrg.md, adrg.md)
dataset-json/  the same datasets as Dataset-JSON 1.1 with their Chinese texts; *.ndjson.gz line by line
manifest.json  data cut, audit head seal, rows and SHA-256 of every file
"""
