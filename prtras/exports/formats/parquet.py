"""Parquet, for data warehouses: a file per table with typed columns, the codebook's labels in its schema. Pure."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from prtras.crf.items import Item
from prtras.crf.numbers import plain
from prtras.datacut.snapshot import Row, Snapshot
from prtras.exports.columns import REMARKS, Column, columns_of
from prtras.exports.formats.registry import Files, Format
from prtras.labels import T

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "parquet/"
SUFFIX = ".parquet"


@dataclass(frozen=True)
class _Kind:
    """How a type of the codebook stands in Parquet: its type there, and the way of one value there and back."""

    type: "pa.DataType"
    into: Callable[[Any], Any]
    back: Callable[[Any], Any]


def write(picture: Snapshot) -> Files:
    """A file per table. Raises ValueError for a value that its type cannot hold to the letter."""
    return {f"{FOLDER}{name}{SUFFIX}": _file(name, rows) for name, rows in picture.tables.items()}


def read(files: Mapping[str, bytes]) -> dict[str, list[Row]]:
    """The tables of a data cut as their files give them."""
    return {
        name.removeprefix(FOLDER).removesuffix(SUFFIX): _rows(name.removeprefix(FOLDER).removesuffix(SUFFIX), content)
        for name, content in files.items()
        if name.startswith(FOLDER)
    }


def _file(name: str, rows: list[Row]) -> bytes:
    import pyarrow as pa  # only here and below: it takes a fifth of a second, and only who writes Parquet needs it
    import pyarrow.parquet as pq

    columns, fields, arrays = columns_of(name), [], []
    for code, column in columns.items():
        kind = _kind(column)
        values = [row[_key(code)] for row in rows]
        filled = [None if value in (None, "", [], {}) else kind.into(value) for value in values]
        arrays.append(pa.array(filled, kind.type))
        fields.append(pa.field(code, kind.type, metadata=_explained(column)))
    table = pa.table(arrays, schema=pa.schema(fields))
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd", store_schema=True)
    return content.getvalue()


def _rows(name: str, content: bytes) -> list[Row]:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(content))
    columns = columns_of(name)
    listed = {
        code: [None if value is None else _kind(columns[code]).back(value) for value in table[code].to_pylist()]
        for code in table.column_names
    }
    return [
        Row({_key(code): values[number] for code, values in listed.items() if values[number] is not None})
        for number in range(table.num_rows)
    ]


def _key(code: str) -> str:
    """The name of a column in a data cut."""
    return code.lower() if code in REMARKS else code


def _explained(column: Column | Item) -> dict[str, str]:
    """What the codebook says of a column, as its metadata."""
    facts = {"label_zh": column.label.zh, "label_en": column.label.en, "type": column.kind}
    if column.codes:
        facts["codelist"] = column.codes.name
    if isinstance(column, Item):
        facts |= {name: text for name, text in (("unit", column.unit), ("sdtm", column.sdtm)) if text}
    return facts


def _kind(column: Column | Item) -> _Kind:
    import pyarrow as pa

    places = getattr(column, "decimal_places", None)
    if column.kind == "decimal" and places is not None:
        digits = getattr(column, "max_digits", None) or 38
        unit = Decimal(1).scaleb(-places)
        return _Kind(pa.decimal128(digits, places), lambda text: _exact(partial(_decimal, unit), plain, text), plain)
    return {
        "integer": _Kind(pa.int64(), int, int),
        "date": _Kind(pa.date32(), lambda text: _exact(date.fromisoformat, str, text), str),
        "datetime": _Kind(pa.timestamp("us", "UTC"), lambda text: _exact(_moment, _iso, text), _iso),
        "codes": _Kind(pa.list_(pa.string()), list, list),
        "remarks": _Kind(pa.map_(pa.string(), pa.string()), lambda texts: sorted(texts.items()), dict),
    }.get(column.kind, _Kind(pa.string(), str, str))


def _decimal(unit: Decimal, text: str) -> Decimal:
    return Decimal(text).quantize(unit)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _iso(moment: datetime) -> str:
    """As a data cut writes it: UTC, no zeros behind the seconds."""
    text = moment.astimezone(UTC).isoformat()
    whole, point, fraction = text.removesuffix("+00:00").partition(".")
    return f"{whole}{point}{fraction.rstrip('0')}+00:00"


def _exact(into: Callable[[str], Any], back: Callable[[Any], str], text: str) -> Any:
    value = into(text)
    if back(value) != text:
        raise ValueError(f"{text!r} would be {back(value)!r}")
    return value


README = T(
    """Parquet 文件的约定
* parquet/ 中每表一个文件，与 data/ 中的 CSV 是同样的表、同样的行序；压缩方式 zstd。
* 小数为 decimal128（位数与表单一致），整数为 int64，日期为 date32，时刻为 UTC 时间戳；不完整日期、代码和文本为字符串；
  多个代码为列表；MISSING 与 REPORTED 为映射（项目到文本）。没有值的单元格为 null。
* 每列的中英文标签、类型、代码表、单位与 SDTM 名称在该列的元数据中，与 codebook.csv 相同。
""",
    """How the Parquet files are written
* parquet/ holds a file per table: the tables of data/ in the same order of rows; compressed with zstd.
* Decimals are decimal128 (with the places of the form), whole numbers int64, dates date32, moments timestamps in UTC;
  partial dates, codes and texts are strings; several codes a list; MISSING and REPORTED maps from item to text. A cell
  without a value is null.
* Labels in both languages, type, code list, unit and SDTM name stand in the metadata of each column, as in
  codebook.csv.
""",
)

PARQUET = Format("parquet", T("CSV 与 Parquet", "CSV and Parquet"), write, read, README)
