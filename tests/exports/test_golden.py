"""The bytes of each format, exactly. A change here is a change of what leaves the system.

Zip, Parquet and Arrow files are made by libraries, whose bytes may change with their version: a workbook is compared
member by member, the others byte by byte with the version that made the golden file, and else by what is read.
"""

import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from prosa.exports.options import personal
from prosa.results import Column

GOLDEN = Path(__file__).parent.parent / "golden" / "exports"
COLUMNS = (
    Column("loja", "text"),
    Column("valor", "decimal", "currency"),
    Column("média", "float", "percent"),
    Column("dia", "date"),
    Column("hora", "timestamp"),
    Column("n", "integer"),
    Column("ok", "boolean"),
)


@pytest.mark.parametrize(
    ("format", "name", "options"),
    [
        ("csv", "sales.csv", {}),
        ("csv", "sales.pt-BR.csv", {**personal("pt-BR"), "null": "–", "date_format": "%d/%m/%Y"}),
        ("tsv", "sales.tsv", {}),
        ("json", "sales.json", {}),
        ("ndjson", "sales.ndjson", {}),
        ("xml", "sales.xml", {}),
        ("markdown", "sales.md", {"title": "Vendas | 2025"}),
        ("markdown", "sales.pt-BR.md", {"locale": "pt-BR", "null": "–", "columns": COLUMNS}),
        ("html", "sales.html", {"title": "Vendas <2025>"}),
        ("html", "sales.pt-BR.html", {"locale": "pt-BR", "date_format": "%d/%m/%Y", "columns": COLUMNS}),
    ],
)
def test_bytes(format, name, options, written, sales, about):
    assert written(format, sales, provenance=about, **options) == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "options"), [("sales.xlsx.txt", {"title": "Vendas"}), ("sales.pt-BR.xlsx.txt", {"locale": "pt-BR"})]
)
def test_parts_of_a_workbook(name, options, written, sales, about):
    archive = zipfile.ZipFile(io.BytesIO(written("xlsx", sales, provenance=about, **options)))
    parts = [f"=== {part}\n{archive.read(part).decode()}\n" for part in archive.namelist()]
    assert "".join(parts) == (GOLDEN / name).read_text("utf-8")


@pytest.mark.parametrize("format", ["parquet", "arrow"])
def test_bytes_of_columnar_files(format, written, sales, about):
    golden = (GOLDEN / f"sales.{format}").read_bytes()
    made = written(format, sales, provenance=about)
    assert read(format, made).equals(read(format, golden), check_metadata=True)
    if (GOLDEN / "pyarrow.version").read_text().strip() == pa.__version__:
        assert made == golden


def read(format, data):
    source = pa.BufferReader(data)
    return pq.read_table(source) if format == "parquet" else pa.ipc.open_file(source).read_all()
