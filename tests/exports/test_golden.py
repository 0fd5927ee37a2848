"""The bytes of each text format, exactly. A change here is a change of what leaves the system."""

from pathlib import Path

import pytest

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
