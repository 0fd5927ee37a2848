"""Data frames as sources: pandas, polars, Arrow, or anything that speaks the Arrow stream interface, written to a
private Parquet file that workers read like any other. What Parquet or the engine does not know becomes text.

Interface: https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prosa.errors import SourceError
from prosa.sources.naming import unique

if TYPE_CHECKING:
    import pyarrow as pa

_TICKS = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}
"""How many of Arrow's units make a second."""


def is_frame(value: Any) -> bool:
    """Whether a source is a data frame, not a place."""
    return hasattr(value, "__arrow_c_stream__") or _is_pandas(value)


def _is_pandas(value: Any) -> bool:
    return hasattr(value, "iloc") and hasattr(value, "columns")


def write(frame: Any, name: str, folder: Path) -> Path:
    """The frame as a Parquet file in `folder`, named by its content, so that the same data is the same file.

    SourceError `frame_unreadable` where it is no table.
    """
    import pyarrow as pa
    from pyarrow import parquet

    part = folder / f"{hashlib.sha256(repr((id(frame), name)).encode()).hexdigest()[:16]}.part"
    try:
        pieces = tables(frame)
        first = next(pieces)
        with parquet.ParquetWriter(part, first.schema, compression="zstd") as writer:
            writer.write_table(first)
            for piece in pieces:
                writer.write_table(piece)
    except (pa.ArrowException, TypeError, ValueError, AttributeError, OSError) as error:
        part.unlink(missing_ok=True)
        raise SourceError("frame_unreadable", name=name, problem=str(error).split("\n")[0]) from error
    return part.replace(folder / f"{_digest(part)}.parquet")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def tables(frame: Any) -> Iterator[pa.Table]:
    """The frame in pieces of one schema that Parquet can hold; at least one piece, which may be empty.
    pa.ArrowException, TypeError, ValueError or AttributeError where it is no table."""
    import pyarrow as pa

    if _is_pandas(frame):
        yield _from_pandas(frame)
        return
    reader = pa.RecordBatchReader.from_stream(frame)
    names = unique(reader.schema.names)
    if not names:
        raise ValueError("no columns")
    yield pa.schema(list(zip(names, map(_storable, reader.schema.types), strict=True))).empty_table()
    for batch in reader:
        yield pa.table(list(map(_converted, batch.columns)), names=names)


def _from_pandas(frame: Any) -> pa.Table:
    """Columns by place, since pandas allows equal names; a named index comes first."""
    import pyarrow as pa

    index = frame.index
    # Not by `reset_index`, which refuses what `groupby` often leaves behind: an index that is called like a column.
    levels = range(index.nlevels) if any(name is not None for name in index.names) else ()
    given = [*((index.names[level] or f"level_{level}") for level in levels), *frame.columns]
    names = [" ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in given]
    if not names:
        raise ValueError("no columns")
    series = [index.get_level_values(level).to_series() for level in levels]
    series += [frame.iloc[:, place] for place in range(frame.shape[1])]
    return pa.table([*map(_pandas_column, series)], names=unique(names))


def _pandas_column(series: Any) -> Any:
    """Mixed types, and those that only pandas knows, as text."""
    import pyarrow as pa

    try:
        array = pa.array(series, from_pandas=True)
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return _texts(series.astype(object).where(series.notna(), None).tolist())
    if isinstance(array.type, pa.BaseExtensionType):
        return _texts(series.astype(object).where(series.notna(), None).tolist())
    return _converted(array)


def _converted(array: Any) -> Any:
    """The array in the type that `_storable` names."""
    import pyarrow as pa

    from prosa.exports.texts import text

    kind = array.type
    if pa.types.is_dictionary(kind):
        return _converted(array.dictionary).take(array.indices)
    if pa.types.is_duration(kind):
        return pa.compute.divide(array.cast(pa.int64()).cast(pa.float64()), _TICKS[kind.unit])
    if isinstance(kind, pa.BaseExtensionType):
        return _texts(array.to_pylist())
    if _only_text(kind):
        return text(array)
    try:
        return array.cast(_storable(kind))
    except pa.ArrowNotImplementedError:  # categories inside lists
        return pa.array(array.to_pylist(), _storable(kind))


def _storable(kind: Any) -> Any:
    """A type that Parquet and the engine both know: no dictionaries or views, times that passed in seconds."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return _storable(kind.value_type)
    if pa.types.is_string_view(kind) or isinstance(kind, pa.BaseExtensionType) or _only_text(kind):
        return pa.string()
    if pa.types.is_binary_view(kind):
        return pa.binary()
    if pa.types.is_float16(kind) or pa.types.is_duration(kind) or pa.types.is_decimal256(kind):
        return pa.float64()
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(_storable(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, _storable(field.type)) for field in kind])
    return kind


def _only_text(kind: Any) -> bool:
    """Whether Parquet lacks such a type, or one that is nested in it."""
    import pyarrow.types as t

    from prosa.exports.texts import holds

    def lacking(inner: Any) -> bool:
        return t.is_union(inner) or t.is_interval(inner) or (t.is_struct(inner) and not inner.num_fields)

    return holds(kind, lacking)


def _texts(cells: list[Any]) -> Any:
    import pyarrow as pa

    return pa.array([None if cell is None else str(cell) for cell in cells], pa.string())
