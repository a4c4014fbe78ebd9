"""All results of one data cut, as a run stores them and as dashboard, report and bundle show them. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast

from analysis.outputs import OUTPUTS
from analysis.outputs.codec import BadResult, from_json
from analysis.outputs.output import Output, Shown, View
from analysis.outputs.version_1 import is_version_1, upgraded
from analysis.survival.results import Result

if TYPE_CHECKING:
    from analysis.endpoints import Tables

R = TypeVar("R", bound=Result)
VERSION = 2


@dataclass(frozen=True)
class Results:
    """The result of every output by its code; an older run lacks those that were added later."""

    outputs: Mapping[str, Result]

    def __getitem__(self, output: Output[R]) -> R:
        return cast(R, self.outputs[output.code])

    def show(self, view: View) -> Shown:
        """What a view shows of all outputs; a pooled view of none that is by arm."""
        parts = (output.show(self[output], view) for output in self._of(by_arm=view.by_arm))
        return sum(parts, Shown())

    def warnings(self, *, by_arm: bool) -> list[str]:
        """Everything the reader must know beside the numbers, each once, in the reader's language."""
        texts = (str(text) for output in self._of(by_arm=by_arm) for text in output.warn(self[output]))
        return list(dict.fromkeys(texts))

    def _of(self, *, by_arm: bool) -> list[Output[Any]]:
        return [output for output in OUTPUTS if output.code in self.outputs and (by_arm or not output.by_arm)]

    def to_json(self) -> dict[str, Any]:
        """What a run stores."""
        return {"version": VERSION, "outputs": {code: result.to_dict() for code, result in self.outputs.items()}}

    def canonical(self) -> bytes:
        """The bytes over which the checksum of the results is computed."""
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True).encode()


def compute(tables: "Tables", cutoff: date) -> Results:
    """Everything, from the tables of a cut. The same tables and cut-off give the same results."""
    from analysis.outputs.data import AnalysisData

    data = AnalysisData.of(tables, cutoff)
    return Results({output.code: output.compute(data) for output in OUTPUTS})


def read(stored: Mapping[str, Any]) -> Results:
    """The results of a run of any version. Raises BadResult for a version this program does not know."""
    outputs = upgraded(stored) if is_version_1(stored) else _of_this_version(stored)
    return Results(
        {
            output.code: from_json(output.result, outputs[output.code], output.code)
            for output in OUTPUTS
            if output.code in outputs
        }
    )


def _of_this_version(stored: Mapping[str, Any]) -> Mapping[str, Any]:
    version = stored.get("version")
    if version != VERSION:
        raise BadResult(f"These results have version {version}; this program reads versions 1 and {VERSION}.")
    return cast(Mapping[str, Any], stored["outputs"])
