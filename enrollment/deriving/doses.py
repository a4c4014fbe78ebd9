"""Which injections count as given. Pure: values in, values out."""

from typing import Any

from prtras.crf.conditions import Context

GIVEN = ("GIVEN", "REDUCED", "DELAYED")


def doses_given(context: Context, but: Any = None) -> list[Context]:
    """The participant's peginterferon injections that were given, without the row `but`."""
    return [
        dose
        for dose in context.records("pegifn")
        if dose.value("pegifn", "pg_status") in GIVEN
        and dose.value("pegifn", "pg_date") is not None
        and dose.value("pegifn", "row") != but
    ]
