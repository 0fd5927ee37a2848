"""Rows that every format must cope with, and a way to write them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from prosa.exports import formats
from prosa.exports.options import Options
from prosa.results import Provenance


@pytest.fixture
def written():
    """Writes a table in a format; gives the file's bytes and checks the count."""

    def write(format, table, **options):
        parts = []
        reader = table.to_reader() if isinstance(table, pa.Table) else table
        count = formats.find(format).writer()(reader, lambda data: parts.append(bytes(data)), Options(**options))
        if isinstance(table, pa.Table):
            assert count == table.num_rows
        return b"".join(parts)

    return write


@pytest.fixture
def about():
    return Provenance(
        question="Quais lojas <vendem> mais?",
        sql="select loja, sum(valor) as valor\nfrom vendas where nome <> '`\"'",
        source="vendas",
        run_id="r-1",
        at="2026-11-21T10:00:00+00:00",
        rows=4,
        version="0.1.0",
    )


@pytest.fixture
def sales():
    return pa.table(
        {
            "loja": ["São João", '<b>&"|x', "=1+1", None],
            "valor": pa.array([Decimal("1234.50"), Decimal("-0.05"), None, Decimal("0")], pa.decimal128(12, 2)),
            "média": [0.25, 1e20, None, -2.0],
            "dia": pa.array([date(2025, 1, 2), None, date(1999, 12, 31), date(2024, 2, 29)]),
            "hora": pa.array([datetime(2025, 1, 2, 3, 4, 5), datetime(2025, 1, 2, 3, 4, 5, 120000), None, None]),
            "n": [1, None, -3, 2**62],
            "ok": [True, False, None, True],
        }
    )


@pytest.fixture
def odd():
    """One column of each kind that breaks writers, in two rows, the second of nulls."""
    columns = {
        "nul": pa.array(["a\0b\x1f\ufffec", None]),
        "lines": pa.array([" a\r\nb\tc\r", None]),
        "formula": pa.array(["=HYPERLINK(1)", None]),
        "emoji": pa.array(["👩‍👩‍👧 \u202egpj", None]),
        "huge": pa.array([2**64 - 1, None], pa.uint64()),
        "small": pa.array([-(2**63), None], pa.int64()),
        "exact": pa.array([Decimal("1234567890123456789012345678.1234567890"), None], pa.decimal128(38, 10)),
        "tiny": pa.array([Decimal("0.0000000001"), None], pa.decimal128(38, 10)),
        "infinity": pa.array([float("inf"), None]),
        "nan": pa.array([float("nan"), None]),
        "half": pa.array([1.5, None], pa.float32()),
        "zoned": pa.array([datetime(2024, 1, 1, 12), None], pa.timestamp("us", "America/Sao_Paulo")),
        "nano": pa.array([1_700_000_000_123_456_789, None], pa.timestamp("ns")),
        "time": pa.array([time(8, 30, 0, 500000), None]),
        "interval": pa.array([pa.MonthDayNano([14, 3, 3_600_000_000_000]), None]),
        "duration": pa.array([timedelta(hours=-1), None]),
        "ancient": pa.array([date(44, 3, 15), None]),
        "endless": pa.array([2**31 - 1, None], pa.int32()).cast(pa.date32()),
        "bytes": pa.array([b"\xff\0<", None]),
        "list": pa.array([[1, None, 3], None]),
        "struct": pa.array([{"a": 1, "b": {"c": [date(2024, 1, 1)]}}, None]),
        "map": pa.array([[("k", '"v"')], None], pa.map_(pa.string(), pa.string())),
        "enum": pa.array(["x", None]).dictionary_encode(),
        "nothing": pa.nulls(2),
        'na"me\n<&|\0/..\u202e😀' + "x" * 300: pa.array(["v", None]),
    }
    return pa.table(columns)
