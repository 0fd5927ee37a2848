"""The endings of files that hold data. Light: whoever only looks at names loads no engine."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

FileKind = Literal["csv", "json", "xlsx", "parquet", "duckdb", "sqlite"]
ENDINGS: dict[str, FileKind] = {
    ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".txt": "csv", ".psv": "csv", ".dat": "csv",
    ".json": "json", ".ndjson": "json", ".jsonl": "json", ".geojson": "json",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xlsb": "xlsx", ".xls": "xlsx", ".ods": "xlsx",
    ".parquet": "parquet", ".pq": "parquet",
    ".duckdb": "duckdb", ".ddb": "duckdb", ".db": "sqlite", ".db3": "sqlite", ".sqlite": "sqlite", ".sqlite3": "sqlite",
}  # fmt: skip


def ending(path: Path) -> str:
    """The ending that tells the kind: that before `.gz`, in lower case."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix == ".gz" else suffix
