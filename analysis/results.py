"""All results of one data cut, as a run stores them and as dashboard, report and bundle show them. Pure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from analysis.outputs import OUTPUTS
from analysis.outputs.output import Output, Shown, Table, View
from analysis.outputs.sentences import refusal_text
from analysis.outputs.stored_results import BadResult, from_json
from analysis.outputs.version_1 import is_version_1, upgraded
from analysis.plan_items import numbers_of, populations_of
from analysis.survival.results import FAILED, Refusal, Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.endpoints import Tables
    from analysis.outputs.data import AnalysisData

R = TypeVar("R", bound=Result)
VERSION = 2


@dataclass(frozen=True)
class Results:
    """The result of every output by its code; an older run lacks those that were added later.

    `failures` are the outputs that could not be computed, each with its reason: they stop no other.
    """

    outputs: Mapping[str, Result]
    failures: Mapping[str, Refusal] = field(default_factory=dict)

    def __getitem__(self, output: Output[R]) -> R:
        return cast(R, self.outputs[output.code])

    def show(self, view: View) -> Shown:
        """What a view shows of all outputs; a pooled view of none that is by arm."""
        shown = (output for output in OUTPUTS if view.by_arm or not output.by_arm)
        return sum((self.show_output(output, view) for output in shown), Shown())

    def show_output(self, output: Output[Any], view: View) -> Shown:
        """What a view shows of one output, each figure and table with its output and the items of the plan."""
        return self._shown(output, view).of(output.code, numbers_of(output.code), populations_of(output.code))

    def _shown(self, output: Output[Any], view: View) -> Shown:
        """An output; where it could not be computed, the reason in its place."""
        if output.code in self.failures:
            why = refusal_text(self.failures[output.code])
            return Shown(tables=(Table(output.title, (T("结果", "Result"),), (), empty=why),))
        return output.show(self[output], view) if output.code in self.outputs else Shown()

    def warnings(self, *, by_arm: bool) -> list[str]:
        """Everything the reader must know beside the numbers, each once, in the reader's language."""
        failed = [
            T("{output}：{why}", "{output}: {why}").format(
                output=output.title, why=refusal_text(self.failures[output.code])
            )
            for output in OUTPUTS
            if output.code in self.failures and (by_arm or not output.by_arm)
        ]
        texts = (str(text) for output in self._of(by_arm=by_arm) for text in output.warn(self[output]))
        return list(dict.fromkeys([*map(str, failed), *texts]))

    def warnings_of(self, output: Output[Any]) -> list[str]:
        """The same of one output; why it could not be computed stands in its place."""
        there = output.code in self.outputs
        return list(dict.fromkeys(str(text) for text in output.warn(self[output]))) if there else []

    def _of(self, *, by_arm: bool) -> list[Output[Any]]:
        return [output for output in OUTPUTS if output.code in self.outputs and (by_arm or not output.by_arm)]

    @property
    def failed(self) -> bool:
        """An output, or a fit within one, broke off by an error of the program: somebody has to look at it."""
        return bool(self.failures) or any(map(_broke_off, _plain(self.outputs).values()))

    def to_json(self) -> dict[str, Any]:
        """What a run stores."""
        stored: dict[str, Any] = {"version": VERSION, "outputs": _plain(self.outputs)}
        return stored | ({"failures": _plain(self.failures)} if self.failures else {})

    def canonical(self) -> bytes:
        """The bytes over which the checksum of the results is computed."""
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True).encode()


def _broke_off(stored: Any) -> bool:
    if isinstance(stored, Mapping):
        refused = {"step", "code"} <= stored.keys() and stored["code"] == FAILED
        return refused or any(map(_broke_off, stored.values()))
    return isinstance(stored, list | tuple) and any(map(_broke_off, stored))


def _plain(results: Mapping[str, Result]) -> dict[str, Any]:
    return {code: result.to_dict() for code, result in results.items()}


def compute(tables: "Tables", cutoff: date) -> Results:
    """Everything, from the tables of a cut. The same tables and cut-off give the same results."""
    from analysis.outputs.data import AnalysisData

    return computed_from(AnalysisData.of(tables, cutoff))


def computed_from(data: "AnalysisData", begin: Callable[[str], None] = lambda code: None) -> Results:
    """Every output of these data; `begin` gets the code of each before it is computed.

    What cannot be computed is a named failure beside all that can.
    """
    from analysis.survival.fits import result_of

    outputs: dict[str, Result] = {}
    failures: dict[str, Refusal] = {}
    for output in OUTPUTS:
        begin(output.code)
        computed = result_of(output.code, partial(output.compute, data))
        if isinstance(computed, Refusal):
            failures[output.code] = computed
        else:
            outputs[output.code] = computed
    return Results(outputs, failures)


def read(stored: Mapping[str, Any]) -> Results:
    """The results of a run of any version. Raises BadResult for a version this program does not know."""
    outputs = upgraded(stored) if is_version_1(stored) else _of_this_version(stored)
    results = {
        output.code: from_json(output.result, outputs[output.code], output.code)
        for output in OUTPUTS
        if output.code in outputs
    }
    failed = stored.get("failures", {})
    return Results(results, {code: from_json(Refusal, failed[code], code) for code in failed})


def _of_this_version(stored: Mapping[str, Any]) -> Mapping[str, Any]:
    version = stored.get("version")
    if version != VERSION:
        raise BadResult(f"These results have version {version}; this program reads versions 1 and {VERSION}.")
    return cast(Mapping[str, Any], stored["outputs"])
