"""What the rows of a form become, worked out once from the items: `Item.sdtm` first, then what is declared."""

from dataclasses import dataclass, field
from functools import cache

from analysis.standards import terms
from analysis.standards.domains import DOMAINS
from analysis.standards.sdtm_declarations import MEASUREMENTS, NOT_DONE, RECORDS, TESTS, Measurement, Record
from analysis.standards.targets import Target, target_of
from analysis.standards.values import Names, cut
from prtras.crf.items import Item
from prtras.crf.registry import Table, all_forms
from prtras.labels import T


@dataclass(frozen=True)
class Placed:
    """An item, and the part of a variable's name that it fills."""

    name: str
    item: Item
    target: Target


@dataclass(frozen=True)
class Test:
    """A test of a findings domain: code, name, and both labels in full."""

    code: str
    name: str
    title: T


@dataclass
class TableMapping:
    """Of one table: its records with the items of each, findings, what is common to the findings, qualifiers, links."""

    table: Table
    form: str
    dated: str = ""
    records: list[tuple[Record, list[Placed]]] = field(default_factory=list)
    results: list[tuple[Placed, Test]] = field(default_factory=list)
    measurements: list[tuple[Measurement, Test]] = field(default_factory=list)
    commons: list[Placed] = field(default_factory=list)
    supplements: list[Placed] = field(default_factory=list)
    links: list[Placed] = field(default_factory=list)
    targets: dict[str, Target] = field(default_factory=dict)


class TableMappings:
    """The plans of all tables; short names are given in the order of the casebook."""

    def __init__(self) -> None:
        self.names = Names()
        self.by_table: dict[str, TableMapping] = {}
        for form in all_forms():
            for table in form.tables():
                self.by_table[table.code] = self._mapping(table, form.code, form.first_date)

    def _mapping(self, table: Table, form: str, dated: str) -> TableMapping:
        mapping = TableMapping(table, form, dated)
        mapping.targets = {name: target_of(table, name, item) for name, item in table.items.items()}
        placed = [Placed(name, table.items[name], target) for name, target in mapping.targets.items()]
        measured = {name for each in MEASUREMENTS.get(table.code, ()) for name in each.items}
        measured |= {item.qualifier for item in table.items.values()}
        rows_are_tests = {each.target.domain for each in placed
                          if each.target.part == "TESTCD" and not each.target.test}  # fmt: skip
        of_records = [*RECORDS.get(table.code, ()), *(Record(domain) for domain in sorted(rows_are_tests))]
        chosen: dict[int, list[Placed]] = {}
        for each in placed:
            sort, domain = each.target.sort, each.target.domain
            if sort == "link":
                mapping.links.append(each)
            elif sort == "supplement":
                mapping.supplements.append(each)
            elif sort != "variable" or each.name in measured or f"{table.code}.{each.name}" in NOT_DONE:
                continue
            elif DOMAINS[domain].is_findings and domain not in rows_are_tests:
                self._finding(mapping, each)
            else:
                chosen.setdefault(_taker(of_records, each), []).append(each)
        mapping.records = [(record, chosen.get(number, [])) for number, record in enumerate(of_records)]
        mapping.measurements = [(each, self._named(table, each.text, each.domain, each.test))
                             for each in MEASUREMENTS.get(table.code, ())]  # fmt: skip
        return mapping

    def _finding(self, mapping: TableMapping, placed: Placed) -> None:
        if placed.target.is_result:
            test = self._named(mapping.table, placed.name, placed.target.domain, placed.target.test)
            mapping.results.append((placed, test))
        else:
            mapping.commons.append(placed)

    def _named(self, table: Table, name: str, domain: str, code: str) -> Test:
        label = table.items[name].label
        declared, words = TESTS.get(f"{table.code}.{name}", ("", ""))
        code = code or declared or self.names.name(f"{domain} tests", name, (name, label.en))
        return self.test(domain, code, words, label)

    def test(self, domain: str, code: str, words: str, label: T) -> Test:
        """A test by its code: with the name that the controlled terminology gives it, where it does."""
        known = terms.TESTS[domain][2].get(code) if domain in terms.TESTS else None
        name = cut(known[1] if known else words or label.en)
        return Test(code, name, T(label.zh, known[1] if known else words or label.en))


def _taker(records: list[Record], placed: Placed) -> int:
    """Which record takes an item: the one that names it, else the one that takes all, else the first of its domain."""
    own = [number for number, record in enumerate(records) if record.domain == placed.target.domain]
    for fits in (
        lambda record: placed.name in record.items,
        lambda record: not record.items,
        lambda record: record.items != ("-",),
    ):
        for number in own:
            if fits(records[number]):
                return number
    records.append(Record(placed.target.domain))
    return len(records) - 1


@cache
def table_mappings() -> TableMappings:
    """The plans of the registered casebook."""
    return TableMappings()
