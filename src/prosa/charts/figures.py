"""Any Plotly figure as rows: one for each point, with its series' name, as an Arrow table or a `Result`.

What each trace type holds is `points`'; here the traces become one table with typed columns.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from prosa.charts.points import Columns, free, points
from prosa.charts.reading import Figure, Trace, kind, read, words
from prosa.results import Cell, Column, Recipe, Result, Stats, column_type, plain

if TYPE_CHECKING:
    import pyarrow as pa

HEAD_ROWS = 1_000
SERIES = "series"

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?")
_NO_SERIES = frozenset({"table"})


class Series(NamedTuple):
    """A trace's name, its type, and its points."""

    name: str
    kind: str
    columns: Columns

    @property
    def length(self) -> int:
        return max(map(len, self.columns.values()), default=0)


def series(figure: Any) -> list[Series]:
    """The figure's traces with their points. FigureError as `reading.read`."""
    found = read(figure)
    return [Series(_name(trace, place, found), kind(trace), points(trace)) for place, trace in enumerate(found.data)]


def table(figure: Any) -> pa.Table:
    """The figure's rows: `series` first, then what its traces hold (x, y, z, label, value …). FigureError."""
    import pyarrow as pa

    columns = _columns(series(figure))
    arrays = {name: _typed(cells) for name, cells in columns.items()}
    return pa.table(arrays) if arrays else pa.table({SERIES: pa.array([], pa.string())})


def count(figure: Any) -> int:
    """How many rows `table` has, without making it: pyarrow's first array imports pandas, which takes seconds."""
    return sum(one.length for one in series(figure))


def result(figure: Any, result_id: str) -> Result:
    """The figure's rows as a held result, so that every table format serves charts. FigureError."""
    import pyarrow as pa

    rows = table(figure)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(rows)
    first = rows.slice(0, HEAD_ROWS)
    return Result(
        id=result_id,
        columns=tuple(Column(field.name, column_type(field.type)) for field in rows.schema),
        head=tuple(zip(*([plain(cell) for cell in column.to_pylist()] for column in first.columns), strict=True)),
        total=rows.num_rows,
        stats=tuple(_stats(column) for column in rows.columns),
        recipe=Recipe("", "", (), ""),
        snapshot=sink.getvalue().to_pybytes(),
    )


def _name(trace: Trace, place: int, figure: Figure) -> str:
    """The trace's own name; else, of a figure's only one, the title of its values; else Plotly's."""
    if own := words(trace.get("name")):
        return own
    axis = figure.layout.get("xaxis" if trace.get("orientation") == "h" else "yaxis")
    title = words(axis.get("title")) if len(figure.data) == 1 and isinstance(axis, dict) else ""
    return title or f"trace {place}"


def _columns(found: list[Series]) -> Columns:
    names = dict.fromkeys(name for one in found for name in one.columns)
    columns = {name: [cell for one in found for cell in one.columns.get(name, [None] * one.length)] for name in names}
    if all(one.kind in _NO_SERIES for one in found):
        return columns
    label = SERIES if SERIES not in names else free(f"{SERIES}_name", names)
    return {label: [one.name for one in found for _ in range(one.length)], **columns}


def _typed(cells: list[Cell]) -> pa.Array:
    """Cells as the narrowest type that keeps them all: numbers, dates and moments where every cell is one."""
    import pyarrow as pa

    kinds = {type(cell) for cell in cells if cell is not None}
    if not kinds:
        return pa.nulls(len(cells))
    if kinds == {bool}:
        return pa.array(cells, pa.bool_())
    if kinds == {int}:
        return pa.array(cells, pa.int64())
    if kinds <= {int, float}:
        return pa.array(cells, pa.float64())
    if kinds == {str}:
        return _dated(cells)
    return pa.array([None if cell is None else _text(cell) for cell in cells], pa.string())


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else msgspec.json.encode(cell).decode("utf-8")


def _dated(cells: list[str | None]) -> pa.Array:
    import pyarrow as pa

    column = pa.array(cells, pa.string())
    shape = _DATE if _every(_DATE, cells) else _MOMENT if _every(_MOMENT, cells) else None
    if shape is None:
        return column
    try:
        return _day_or_moment(column)
    except pa.ArrowInvalid:  # it only looks like a date: 2024-13-45
        return column


def _every(shape: re.Pattern[str], cells: list[str | None]) -> bool:
    return all(cell is None or shape.fullmatch(cell) for cell in cells)


def _day_or_moment(column: pa.Array) -> pa.Array:
    """Days where every moment is a midnight, as pandas writes dates; no chart shows parts of a microsecond."""
    import pyarrow as pa
    import pyarrow.compute as pc

    moments = pc.cast(pc.replace_substring_regex(column, r"(\.\d{6})\d+$", r"\1"), pa.timestamp("us"))
    days = pc.cast(moments, pa.date32(), safe=False)
    return days if pc.all(pc.equal(pc.cast(days, moments.type), moments), min_count=0).as_py() else moments


def _stats(column: pa.ChunkedArray) -> Stats:
    import pyarrow.compute as pc
    import pyarrow.types as t

    kind = column.type
    if t.is_null(kind) or t.is_boolean(kind):
        return Stats(nulls=column.null_count)
    ends = {name: plain(value) for name, value in pc.min_max(column).as_py().items()}
    if not (t.is_integer(kind) or t.is_floating(kind)):
        return Stats(nulls=column.null_count, **ends)
    total, mean = plain(pc.sum(column).as_py()), plain(pc.mean(column).as_py())
    return Stats(nulls=column.null_count, sum=total, mean=mean, **ends)
