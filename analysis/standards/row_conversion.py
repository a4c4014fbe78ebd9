"""From the rows of a data cut to records of SDTM: parts of names with values, before they are sorted and numbered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from analysis.standards import laboratory
from analysis.standards.domains import DOMAINS
from analysis.standards.records import Collected, DraftRecord, Qualifier, Row, page_of
from analysis.standards.sdtm_declarations import (
    ALSO,
    CATEGORIES,
    DATED_BY,
    LINKS,
    NOT_DONE,
    OBJECTS,
    Measurement,
    Record,
)  # fmt: skip
from analysis.standards.table_mappings import Placed, TableMapping, TableMappings, Test
from analysis.standards.values import NOT_DONE as NOT
from analysis.standards.values import coded_occurrence, number, occurred, reported, unit, written
from prtras.codelists import MISS_REASON
from prtras.labels import T

#: What a page says of one domain's findings holds for these too; the day for all, if it is the page's own.
SHARED = {
    ("TU", "LNKID"): ("TU", "TR", "RS"), ("TU", "METHOD"): ("TU", "TR"),
    **{("LB", part): ("LB", "MB", "IS") for part in ("METHOD", "NAM", "REFID", "SPEC", "DTC")},
}  # fmt: skip


def collect(tables: Mapping[str, Sequence[Row]], table_mappings: TableMappings, cutoff: date) -> Collected:
    """Every row of every form."""
    made = Collected()
    for mapping in table_mappings.by_table.values():
        parent = table_mappings.by_table[mapping.form] if mapping.table.rows else None
        pages = {page_of(row): row for row in tables.get(mapping.form, ())} if parent else {}
        follow = _with_rows(tables, table_mappings, mapping)
        for row in tables.get(mapping.table.code, ()):
            page = pages.get(page_of(row), {})
            _Reading(made, table_mappings, mapping, row, page, parent, cutoff, page_of(row) in follow).read()
    return made


def _with_rows(
    tables: Mapping[str, Sequence[Row]], table_mappings: TableMappings, mapping: TableMapping
) -> set[tuple[Any, ...]]:
    """The pages of a form that have rows, whose findings share what the page says."""
    below = (
        other for other in table_mappings.by_table.values() if other.form == mapping.table.code and other is not mapping
    )
    return {page_of(row) for other in below for row in tables.get(other.table.code, ())}


class _Reading:
    """One row of a table, read into records."""

    def __init__(
        self, made: Collected, table_mappings: TableMappings, mapping: TableMapping, row: Row, page: Row,
        parent: TableMapping | None, cutoff: date, has_rows: bool,
    ) -> None:  # fmt: skip
        self.made, self.table_mappings, self.mapping, self.row, self.page, self.parent = (
            made,
            table_mappings,
            mapping,
            row,
            page,
            parent,
        )
        self.constants = {"cutoff": cutoff.isoformat()}
        self.has_rows = has_rows
        self.code = mapping.table.code
        self.own: dict[str, list[DraftRecord]] = {}
        self.placed_in: dict[str, DraftRecord] = {}

    def read(self) -> None:
        for record, items in self.mapping.records:
            self._record(record, items)
        for measurement, test in self.mapping.measurements:
            self._measurement(measurement, test)
        for placed, test in self.mapping.results:
            self._result(placed, test)
        self._not_done()
        self._commons()
        self._qualifiers()
        for placed in self.mapping.links:
            if self.row.get(placed.name) is not None:
                numbered = {domain: own for domain, own in self.own.items() if domain not in ("DM", "SV")}
                self.made.links.append((self._first(numbered), placed, self.row))

    # records of events and interventions

    def _record(self, record: Record, items: list[Placed]) -> None:
        if record.equals and self.row.get(record.when[0]) != record.equals:
            return
        if record.when and all(self.row.get(name) is None for name in record.when):
            return
        filled = [placed for placed in items if self.row.get(placed.name) is not None]
        if not filled and not record.constants and not self._reasons(items):
            return
        parts: dict[str, Any] = {}
        made = self._made(record.domain, parts)
        for placed in filled:
            self._fill(made, placed, by_name="PRESP" in record.constants)
        for part, text in record.constants.items():
            parts.setdefault(part, self._constant(text, record.domain, part))
        if "TESTCD" in record.constants:
            test = self.table_mappings.test(record.domain, parts["TESTCD"], "", T("", parts["TESTCD"]))
            parts |= {"TEST": test.name, "STRESC": parts["ORRES"], "EVAL": "INVESTIGATOR"}
        if "ENTPT" in parts and "ENRTPT" not in parts:
            del parts["ENTPT"]
        for name in record.items:
            self.placed_in[name] = made
        if self.code in laboratory.PANELS_BY_TABLE and record.domain == "LB":
            self._note("LB", "TESTCD", *laboratory.finish(parts, self.row, self.code, self.table_mappings))

    def _fill(self, made: DraftRecord, placed: Placed, by_name: bool) -> None:
        part, value = placed.target.part, self.row[placed.name]
        self.placed_in[placed.name] = made
        named = by_name and part in ("TERM", "TRT", "OCCUR") and placed.item.kind in ("code", "codes")
        if named and not (part == "OCCUR" and coded_occurrence(placed.item)):
            made.parts["OCCUR"], more = occurred(placed.item, value)
            if more:
                self._qualify(made, placed, value)
            return
        if part == "VISIT":
            made.visit = value
            return
        if isinstance(value, list):
            self._several(made, placed, value)
            return
        text, meaning, less = written(placed.item, value, part)
        if less:
            self._qualify(made, placed, value)
        if text:
            self._put(made, part, text, placed)
        if meaning and text:
            self._note(made.domain, part, text, meaning)

    def _put(self, made: DraftRecord, part: str, text: str, placed: Placed) -> None:
        """A value into its variable; the time of a day behind its day."""
        if placed.item.kind == "time":
            made.parts["TIME"] = text
        elif f"{self.code}.{placed.name}" in LINKS:
            made.parts[part] = LINKS[f"{self.code}.{placed.name}"].format(text)
        elif part in made.parts and made.parts[part] != text:
            self._qualify(made, placed, self.row[placed.name])
        else:
            made.parts[part] = text
            if part == "DOSE" and placed.item.unit:
                made.parts.setdefault("DOSU", unit(placed.item.unit))

    def _several(self, made: DraftRecord, placed: Placed, values: list[str]) -> None:
        """Several codes in one variable: the word for it, and each as a qualifier."""
        texts = [written(placed.item, value)[0] for value in values]
        if texts:
            made.parts[placed.target.part] = texts[0] if len(texts) == 1 else "MULTIPLE"
        if len(texts) > 1:
            self._qualify(made, placed, values)

    def _constant(self, text: str, domain: str, part: str) -> Any:
        for name in text.removeprefix("$").split("|") if text.startswith("$") else ():
            value = self.row.get(name, self.page.get(name, self.constants.get(name)))
            if value is not None:
                item = self.mapping.table.items.get(name)
                text, meaning, _ = written(item, value) if item else (str(value), None, False)
                if meaning:
                    self._note(domain, part, text, meaning)
                return text
        return None if text.startswith("$") else text

    def _made(self, domain: str, parts: dict[str, Any]) -> DraftRecord:
        made = DraftRecord(domain, parts, self.code, self.row, self.row.get("VISIT"))
        self.made.records[domain].append(made)
        self.own.setdefault(domain, []).append(made)
        return made

    # findings

    def _result(self, placed: Placed, test: Test) -> None:
        value, domain = self.row.get(placed.name), placed.target.domain
        if value is None or (domain == "IE" and not _not_met(placed, value)):
            return
        for each in value if isinstance(value, list) else [value]:
            text, meaning, _ = written(placed.item, each)
            parts = self._finding(domain, test, placed)
            if text == NOT:
                parts["STAT"] = NOT
                continue
            if placed.target.part not in ("STRESC", "STRESN"):
                parts["ORRES"] = text
            parts["STRESC"] = text
            if sign := self.row.get(placed.item.qualifier):
                parts |= {"ORRES": f"{sign}{text}", "STRESC": f"{sign}{text}"}
            if placed.item.kind in ("integer", "decimal"):
                parts["STRESN"] = None if sign else number(each)
                if placed.item.unit:
                    parts["STRESU"] = unit(placed.item.unit)
                    if "ORRES" in parts:
                        parts["ORRESU"] = parts["STRESU"]
            self._as_reported(placed.name, parts)
            if meaning:
                self._note(domain, "STRESC", text, meaning)
        self._also(placed, value)

    def _finding(self, domain: str, test: Test, placed: Placed | None) -> dict[str, Any]:
        parts: dict[str, Any] = {"TESTCD": test.code, "TEST": test.name}
        made = self._made(domain, parts)
        if placed is not None:
            self.placed_in.setdefault(placed.name, made)
            if placed.item.derived:
                parts["DRVFL"] = "Y"
            place = f"{self.code}.{placed.name}"
            if category := CATEGORIES.get(place, CATEGORIES.get(self.code, "")):
                parts["CAT"] = category
        if domain == "IE":
            parts["CAT"] = "INCLUSION" if test.code.startswith("INC") else "EXCLUSION"
        if domain == "FA":
            parts["OBJ"] = self._constant(OBJECTS.get(self.code, test.title.en), domain, "OBJ")
        if domain in ("TU", "TR") and DOMAINS[domain].is_findings:
            parts["EVAL"] = "INVESTIGATOR"
        self._note(domain, "TESTCD", test.code, test.title)
        return parts

    def _as_reported(self, name: str, parts: dict[str, Any]) -> None:
        text = (self.row.get("reported") or {}).get(name)
        if text:
            parts["ORRES"], own = reported(text)
            parts["ORRESU"] = own or parts.get("ORRESU")

    def _also(self, placed: Placed, value: Any) -> None:
        declared = ALSO.get(f"{self.code}.{placed.name}")
        if declared and value in declared[2]:
            domain, code, values = declared
            parts = self._finding(domain, self.table_mappings.test(domain, code, "", T("", code)), placed)
            parts |= {"ORRES": values[value], "STRESC": values[value], "DRVFL": "Y"}

    def _measurement(self, measured: Measurement, test: Test) -> None:
        values = {name: self.row.get(name) for name in measured.items}
        if all(value is None for value in values.values()):
            return
        items = self.mapping.table.items
        parts = self._finding(measured.domain, test, None)
        made = self.own[measured.domain][-1]
        self.placed_in |= dict.fromkeys(measured.items, made)
        state, counted = values.get(measured.quantified), values.get(measured.number)
        parts |= {"CAT": measured.category or None, "ORRES": values[measured.text]}
        if measured.method:
            parts["METHOD"] = values[measured.method]
        own = values.get(measured.unit) or items[measured.number].unit
        parts["ORRESU"] = unit(own) if values[measured.text] is not None else None
        if state is not None and state != "QUANT":
            parts["STRESC"] = (items[measured.quantified].codes or MISS_REASON).text(state).en
            if counted is not None:
                self._qualify(made, Placed(measured.number, items[measured.number],
                                           self.mapping.targets[measured.number]), counted)  # fmt: skip
        elif counted is not None:
            parts |= {"STRESC": str(counted), "STRESN": number(counted), "STRESU": unit(items[measured.number].unit)}

    def _not_done(self) -> None:
        """What was not done, with its reason: a test that a page says was not done, and items that are missing."""
        for name, item in self.mapping.table.items.items():
            declared = NOT_DONE.get(f"{self.code}.{name}")
            if declared and self.row.get(name) == "N":
                code, words, reason = declared
                domain = self.mapping.targets[name].domain
                parts = self._finding(domain, self.table_mappings.test(domain, code, words, item.label), None)
                parts["STAT"] = NOT
                if reason and self.row.get(reason):
                    parts["REASND"] = written(self.mapping.table.items[reason], self.row[reason])[0]
                    self.placed_in[reason] = self.own[domain][-1]
        reasons = self.row.get("missing") or {}
        for placed, test in self.mapping.results:
            if placed.name in reasons and self.row.get(placed.name) is None and placed.target.domain != "IE":
                parts = self._finding(placed.target.domain, test, placed)
                parts |= {"STAT": NOT, "REASND": MISS_REASON.text(reasons[placed.name]).en}

    def _commons(self) -> None:
        """What a page says of all its findings."""
        sources = [(placed, self.row, self.mapping) for placed in self.mapping.commons]
        if self.parent is not None:
            sources += [(placed, self.page, self.parent) for placed in self.parent.commons]
        for placed, row, mapping in sources:
            if row.get(placed.name) is None or placed.name in self.placed_in:
                continue
            domains = self._common_to(placed, mapping)
            for domain in domains:
                for made in self.own[domain]:
                    self._share(made, placed, row)
            if not domains and row is self.row and not self.has_rows:
                self._qualify(self._first(self.own), placed, row[placed.name])

    def _common_to(self, placed: Placed, mapping: TableMapping) -> list[str]:
        """The domains of this row's findings for which an item of the page holds."""
        place = (mapping.table.code, placed.name)
        if place not in self.made.common:
            self.made.common[place] = _holds_for(placed, mapping)
        return [domain for domain in self.own if domain in self.made.common[place]]

    def _share(self, made: DraftRecord, placed: Placed, row: Row) -> None:
        part, value = placed.target.part, row[placed.name]
        if part == "VISIT":
            made.visit = value
        elif isinstance(value, list):
            if made.parts.get(part) is None:
                self._several(made, placed, value)
        else:
            text, meaning, _ = written(placed.item, value, part)
            place = f"{self.code}.{placed.name}"
            if placed.item.kind == "time":
                made.parts["TIME"] = text
            elif made.parts.get(part) is None and text:
                made.parts[part] = LINKS[place].format(text) if place in LINKS else text
            if meaning and text:
                self._note(made.domain, part, text, meaning)

    # qualifiers

    def _qualifiers(self) -> None:
        for placed in self.mapping.supplements:
            value = self.row.get(placed.name)
            if value is None:
                continue
            own = self.own.get(placed.target.domain, [])
            parent = next((made for record, _ in self.mapping.records if placed.name in record.items
                           for made in [self.placed_in.get(placed.name)] if made), None)  # fmt: skip
            grouped = parent is None and len(own) > 1 and DOMAINS[placed.target.domain].is_findings
            self._qualify(parent or (own[0] if own else None), placed, value, grouped)
        for name, reason in (self.row.get("missing") or {}).items():
            self._missing(name, MISS_REASON.text(reason))
        measured = {placed.name for placed, _ in self.mapping.results}
        for name, text in (self.row.get("reported") or {}).items():
            if name not in measured and name in self.mapping.table.items:
                self._note_beside(name, "O", T("原始记录：", "As reported: "), text)

    def _missing(self, name: str, reason: T) -> None:
        if all(name != placed.name for placed, _ in self.mapping.results) and name in self.mapping.table.items:
            self._note_beside(name, "R", T("缺失原因：", "Why missing: "), reason.en)

    def _note_beside(self, name: str, letter: str, words: T, text: str) -> None:
        item, target = self.mapping.table.items[name], self.mapping.targets[name]
        if item.identifies:
            return
        parent = self._first({target.domain: self.own[target.domain]} if target.domain in self.own else self.own)
        domain = parent.domain if parent else "DM"
        short = self.table_mappings.names.name(domain, f"{letter}{name}", (letter, name, item.label.en))
        self.made.qualifiers.append(Qualifier(short, words + item.label, text, parent, self.row))

    def _qualify(self, parent: DraftRecord | None, placed: Placed, value: Any, grouped: bool = False) -> None:
        self.placed_in.setdefault(placed.name, parent or DraftRecord("", {}, self.code, self.row, None))
        domain = parent.domain if parent else "DM"
        short = self.table_mappings.names.name(domain, placed.name, (placed.name, placed.item.label.en))
        values = value if isinstance(value, list) else [value]
        for place, each in enumerate(values):
            text = written_out(placed, each)
            name = short if not isinstance(value, list) else f"{short[:6]}{place + 1:02d}"
            self.made.qualifiers.append(
                Qualifier(name, placed.item.label, text, parent, self.row, grouped, placed.item.derived)
            )
        if grouped and parent:
            for made in self.own[parent.domain]:
                made.group = True

    def _reasons(self, items: Iterable[Placed]) -> bool:
        reasons = self.row.get("missing") or {}
        return any(placed.name in reasons for placed in items)

    def _first(self, own: Mapping[str, list[DraftRecord]]) -> DraftRecord | None:
        return next((made for records in own.values() for made in records), None)

    def _note(self, domain: str, part: str, value: str, meaning: T) -> None:
        self.made.meanings[domain, part].setdefault(value, meaning)


def _holds_for(placed: Placed, mapping: TableMapping) -> frozenset[str]:
    part, own = placed.target.part, placed.target.domain
    if part == "DTC" and placed.name == mapping.dated:
        others = {other.target.domain for other in mapping.commons if other.target.part == part and other is not placed}
        findings = {code for code, domain in DOMAINS.items() if domain.is_findings and code != "IE"}
        return frozenset({own} | (findings - others))
    dated = {domain for (table, domain), name in DATED_BY.items() if (table, name) == (mapping.table.code, placed.name)}
    return frozenset({own, *SHARED.get((own, part), ()), *dated})


def written_out(placed: Placed, value: Any) -> str:
    """A value as a qualifier has it: codes of the sponsor in words."""
    if placed.item.codes is None:
        return str(value)
    return placed.item.codes.text(value).en if placed.item.codes.standard == "sponsor" else str(value)


def _not_met(placed: Placed, value: Any) -> bool:
    """Whether a criterion for taking part is not met."""
    return bool(value == ("N" if placed.name.startswith("inc") else "Y"))
