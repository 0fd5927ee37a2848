"""Sources made of files that a test writes, and a look into their rows."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from prosa.sources.prepare import prepare


class Bench:
    """A folder for files and a cache beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "files"
        self.cache = folder / "cache"
        self.folder.mkdir()

    def write(self, name, content=""):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def prepare(self, location, name="data", **options):
        return prepare(name, str(location), cache_dir=self.cache, **options)

    def read(self, content, file="data.csv", **options):
        """Writes a file and prepares it."""
        return self.prepare(self.write(file, content), **options)

    def rows(self, info, table=None):
        """All rows of a table, as Python values, in the file's order."""
        piece = next(piece for piece in info.pieces if table in (None, piece.table))
        with duckdb.connect() as con:
            con.execute("SET TimeZone = 'UTC'")
            if piece.kind == "parquet":
                return con.execute("FROM read_parquet($1)", [list(piece.paths)]).fetchall()
            con.execute(f"ATTACH '{piece.paths[0]}' AS source (READ_ONLY)")
            schema, _, inner = piece.inner.partition(".")
            return con.execute(f'FROM source."{schema}"."{inner}"').fetchall()


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


@pytest.fixture
def types():
    """The columns' names and types of a source's first table, or of the one named."""

    def types(info, table=None):
        found = next(t for t in info.tables if table in (None, t.name))
        return {column.name: column.native or column.type for column in found.columns}

    return types


@pytest.fixture
def notices():
    """A source's notices by code."""

    def notices(info):
        found = defaultdict(list)
        for code, values in info.notices:
            found[code].append(values)
        return dict(found)

    return notices
