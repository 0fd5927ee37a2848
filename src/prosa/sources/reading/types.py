"""From an engine's type names to `ColumnType`."""

from __future__ import annotations

from prosa.results import ColumnType

_BY_NAME: dict[str, ColumnType] = {
    "BOOLEAN": "boolean", "TINYINT": "integer", "SMALLINT": "integer", "INTEGER": "integer", "BIGINT": "integer",
    "HUGEINT": "integer", "UTINYINT": "integer", "USMALLINT": "integer", "UINTEGER": "integer", "UBIGINT": "integer",
    "UHUGEINT": "integer", "BIGNUM": "integer", "FLOAT": "float", "DOUBLE": "float", "DATE": "date", "TIME": "time",
    "TIMESTAMP": "timestamp", "INTERVAL": "interval", "BLOB": "blob", "VARIANT": "struct",
}  # fmt: skip
_BY_START: tuple[tuple[str, ColumnType], ...] = (
    ("DECIMAL", "decimal"), ("TIMESTAMP", "timestamp"), ("TIME", "time"), ("STRUCT", "struct"), ("MAP", "struct"),
    ("UNION", "struct"),
)  # fmt: skip


def of_duckdb(native: str) -> ColumnType:
    """The type of a DuckDB column, by the name that `duckdb_columns()` gives; what is unknown is text."""
    if native.endswith("]"):
        return "list"
    found = _BY_NAME.get(native) or next((kind for start, kind in _BY_START if native.startswith(start)), None)
    return found or ("null" if native == '"NULL"' else "text")
