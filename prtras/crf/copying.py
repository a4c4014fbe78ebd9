"""Act: store many new rows by COPY, with every trigger as for an INSERT. Call inside an act (`audit.acting`)."""

import io
from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from psycopg2.extras import Json

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(rows: Sequence[models.Model]) -> None:
    """Store new rows of one model; a key that the database numbers is not known afterwards.

    Half the time of `bulk_create` for thousands of rows: no statement of a megabyte is written and read.
    """
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not isinstance(field, models.AutoField)]
    text = io.StringIO()
    for row in rows:
        prepared = (field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields)
        text.write("\t".join(map(_as_text, prepared)) + "\n")
    text.seek(0)
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column or field.name) for field in fields)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {quoted(rows[0]._meta.db_table)} ({columns}) FROM STDIN", text)


def _as_text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, Json):
        return str(value.dumps(value.adapted)).translate(_ESCAPES)
    if isinstance(value, list):
        inner = (str(each).replace("\\", "\\\\").replace('"', '\\"') for each in value)
        return ("{" + ",".join(f'"{each}"' for each in inner) + "}").translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)
