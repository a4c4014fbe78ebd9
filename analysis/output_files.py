"""What somebody takes away from an output: its figures as SVG or PNG, its tables and numbers as CSV, its R code."""

from typing import Any

from analysis import plan_items
from analysis.interim_looks import plan_changed_after_a_look
from analysis.models import AnalysisRun
from analysis.outputs import hazard_ratios
from analysis.outputs.output import Output, Panel, Table, View
from analysis.results import Results
from prtras.crf.study import protocol
from prtras.files.tables import csv_for_people
from prtras.labels import T
from prtras.ui.templatetags.prtras import iso

PLAN_CHANGED = T("计划 {v} 版（{on}）晚于首次查看分组结果", "plan {v} ({on}) is younger than the first look by arm")


def parts(results: Results, output: Output[Any]) -> list[Panel]:
    """The figures of an output in its own view, then its tables, each by a name that its files have."""
    shown = results.show_output(output, View.BY_ARM if output.by_arm else View.POOLED)
    tables = (Panel(f"table-{n}", table.caption, table=table) for n, table in enumerate(shown.tables, 1))
    return [*shown.panels, *tables]


def comparison(results: Results, output: Output[Any]) -> Table | None:
    """The adjusted and weighted comparison, which stands beside whatever else is shown by arm (statistics rule 4)."""
    if not output.by_arm or output.code == hazard_ratios.OUTPUT.code:
        return None
    shown = results.show_output(hazard_ratios.OUTPUT, View.BY_ARM)
    return next((panel.table for panel in shown.panels), None) or next(iter(shown.tables), None)


def under_figure(run: AnalysisRun, results: Results, output: Output[Any]) -> str:
    """The line below a figure that leaves the product: study, items of the plan, population, cut-off date, checksum of
    the cut, and that the plan is younger than the first look by arm.

    Below one by arm, the adjusted hazard ratio too.
    """
    assert run.cut is not None
    text = T(
        "{study} · 计划 {plan} · {population} · 截止日期 {cutoff} · 数据快照 {made}，SHA-256 {sha256}",
        "{study} · plan {plan} · {population} · cut-off date {cutoff} · data cut {made}, SHA-256 {sha256}",
    ).format(
        study=protocol().code, plan=plan_items.numbers_of(output.code) or "–", cutoff=run.cutoff.isoformat(),
        population=plan_items.populations_of(output.code),
        made=iso(run.cut.created_at), sha256=run.cut.sha256[:16],
    )  # fmt: skip
    changed = plan_changed_after_a_look()
    later = PLAN_CHANGED.format(v=changed.version, on=changed.on.isoformat()) if changed else ""
    tiles = results.show_output(hazard_ratios.OUTPUT, View.BY_ARM).tiles if output.by_arm else ()
    beside = (f"{tile.label} {', '.join(tile.values)} ({tile.note})" for tile in tiles)
    return " · ".join(filter(None, (str(text), str(later), *beside)))


def table_csv(table: Table) -> bytes:
    """A table as it is shown, a line per row."""
    rows = ([str(row.head), *(str(cell) for cell in row.cells), *([str(row.instead)] if row.instead else [])]
            for row in table.rows)  # fmt: skip
    return csv_for_people([str(head) for head in table.heads], rows)


def numbers_csv(results: Results, output: Output[Any]) -> bytes:
    """Every number of an output as it was computed, by its place in the bundle's expected.json; empty where NE."""
    expected = output.expected(results[output]) if output.expected and output.code in results.outputs else {}
    return csv_for_people(["place", "value"], expected.items())
