"""A row of a laboratory panel as a record of LB: codes, standard result, units. Pure."""

from typing import Any

from analysis.standards.sdtm_declarations import CATEGORIES
from analysis.standards.table_mappings import TableMappings
from analysis.standards.values import number, unit
from labs.panels import PANELS
from prtras.labels import T

#: The analytes of each table of results.
PANELS_BY_TABLE = {f"{form}_results": {analyte.code: analyte for analyte in panel} for form, panel in PANELS.items()}


def finish(parts: dict[str, Any], row: Any, table: str, table_mappings: TableMappings) -> tuple[str, T]:
    """Complete the record of one result; its code and title.

    LBORRES is what the laboratory wrote. LBSTRESC is the number in the standard unit behind `<` or `>`; LBSTRESN is
    empty then, for nobody knows the number. Below an LLOQ that is not known it is `<LLOQ`.
    """
    analyte = PANELS_BY_TABLE[table][row["analyte"]]
    test = table_mappings.test("LB", analyte.lbtestcd, analyte.title.en, analyte.title)
    parts |= {"TESTCD": test.code, "TEST": test.name, "CAT": CATEGORIES[table], "LOINC": analyte.loinc or None}
    parts["ORRES"] = row.get("orres")  # the qualifier stands in it already
    if row.get("orresu") or row.get("orres"):
        parts["ORRESU"] = unit(row.get("orresu") or analyte.unit)
    qualifier, standard = row.get("qualifier") or "", row.get("stresn")
    parts["STRESN"] = None
    if standard is None and qualifier:
        parts["STRESC"] = f"{qualifier}LLOQ"
    if standard is not None:
        parts["STRESC"] = f"{qualifier}{standard}"
        if not qualifier:
            parts["STRESN"] = number(standard)
    if standard is not None or row.get("stnrlo") is not None or row.get("stnrhi") is not None:
        parts["STRESU"] = unit(analyte.unit)
    return test.code, test.title
