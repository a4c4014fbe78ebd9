"""What another table of normal ranges would change: results that would be flagged or graded differently.

Computes every stored result of the analytes in question as a save would, with the table as it would be. Writes nothing.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from labs.lab_tests import LAB_TESTS
from labs.ranges import TABLE, RangeTable
from prtras.accounts.models import Site
from prtras.crf.cohort_records import CohortRecords
from prtras.crf.content import PageContent, stored_pages
from prtras.crf.context import PageContext
from prtras.crf.models import CrfPage, Participant
from prtras.crf.registry import Form, Tables, form_of
from prtras.crf.visibility import derived_in_row

#: Participants looked at a time, and results that are listed one by one.
AT_ONCE = 50
LISTED = 500


@dataclass
class Effects:
    """Results looked at, those that change, and held ones that stay; by analyte, from and to; the first one by one."""

    results: int = 0
    held: int = 0
    changes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    listed: list[dict[str, str]] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        counts = {"results": self.results, "held": self.held, "changed": sum(self.changes.values())}
        changes = [[*change, count] for change, count in sorted(self.changes.items())]
        return {**counts, "changes": changes, "listed": self.listed}


def effects_of(
    site: Site, table: RangeTable, analytes: Collection[str], progress: Callable[[int, int], None]
) -> Effects:
    """What a site's stored results of some analytes become by another table; `progress` gets how far it is."""
    people = list(Participant.objects.filter(site=site).order_by("number").values_list("pk", flat=True))
    tables, effects = Tables(), Effects()
    tables.put(TABLE, site.pk, table)
    forms = [form_of(code) for code in dict.fromkeys(LAB_TESTS[analyte].form for analyte in analytes)]
    for start in range(0, len(people), AT_ONCE):
        progress(start, len(people))
        batch = people[start : start + AT_ONCE]
        records = CohortRecords(batch)
        for form in forms:
            _look(form, batch, analytes, records, tables, effects)
    progress(len(people), len(people))
    return effects


def _look(
    form: Form, people: Collection[int], analytes: Collection[str], records: CohortRecords, tables: Tables,
    effects: Effects,
) -> None:  # fmt: skip
    """The pages of a form in the order of visits: later ones are graded by the baseline as it would be."""
    pages = list(
        CrfPage.objects.filter(participant__in=people, form=form.code, state="submitted")
        .select_related("participant", "visit")
        .order_by("participant__number", "visit__position", "visit__sequence")
    )
    stored = stored_pages(form, pages)
    for page in pages:
        content = stored[page.pk].content()
        concerned = [key for key in content.rows if key in analytes and content.rows[key].get("orres")]
        effects.results += len(concerned)
        if page.hold:
            effects.held += len(concerned)
            continue
        source = records.source(page.participant_id)
        context = PageContext(page, form, content.values, content.rows, source=source, tables=tables)
        changed = [key for key in concerned if _renewed(form, key, content, context, page, effects)]
        if changed:
            records.lay_over(page, form, content)


def _renewed(form: Form, key: str, content: PageContent, context: PageContext, page: CrfPage, effects: Effects) -> bool:
    """Compute a row anew; whether its range, flag or grade is another one."""
    before = content.rows[key]
    derived = derived_in_row(form, key, before, context)
    content.rows[key] = before | derived
    was, becomes = _finding(before), _finding(derived)
    if was != becomes:
        effects.changes[key, was, becomes] += 1
        if len(effects.listed) < LISTED:
            place = {"participant": page.participant.number, "visit": str(page.visit or ""), "page": str(page.pk)}
            result = {"analyte": key, "result": before["orres"], "unit": before.get("orresu") or ""}
            effects.listed.append(place | result | {"was": was, "becomes": becomes})
    return any(before.get(name) != value for name, value in derived.items())


def _finding(row: Any) -> str:
    """Flag and grade of a row, such as `HIGH 2`; either may be empty."""
    return f"{row.get('nrind') or ''} {row.get('toxgr') or ''}"
