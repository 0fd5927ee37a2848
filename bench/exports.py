"""How fast exports are written: each format against the peer of its field over the same rows, in one run.

    uv sync --all-extras                                    # the peers are in the development group
    uv run python bench/exports.py [--rows 10000000]

Rows come from DuckDB, 10 mixed columns, and go to the null device. Aims: CSV at least 0.75 of pyarrow's own writer,
Brazilian CSV 0.5 of polars, XLSX 2.5 of XlsxWriter with constant memory, XML 3 of lxml, Parquet 0.8 of pyarrow, a
chart's HTML at most 600 KB and 10 ms, its CSV and XML under 20 ms, no memory gained by 900 more exports.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

try:
    import lxml.etree
    import polars
    import xlsxwriter
except ModuleNotFoundError as error:
    raise SystemExit(f"{error.name} is not installed; `uv sync` brings all that is compared with here.") from None

from prosa import chart_export
from prosa.exports import formats
from prosa.exports.options import Options, parse, personal

ROWS = """
    SELECT i::INTEGER AS id, (i * 7919) % 1000 AS qty, 9007199254740993 + i * 1000003 AS big,
        ((i * 7919) % 1000000 / 100.0)::DECIMAL(12, 2) AS price, (i % 97) / 7.0 AS ratio,
        DATE '2020-01-01' + (i % 1500)::INTEGER AS day, TIMESTAMP '2024-01-01 08:00:00' + INTERVAL (i) SECOND AS at,
        CASE WHEN i % 13 > 0 THEN 'Cliente João nº ' || i END AS name,
        ['São Paulo', 'Rio & Cia', 'Belém', 'Curitiba <Sul>'][1 + i % 4] AS city, i % 2 = 0 AS flag
    FROM range({rows}) AS t(i)
"""
BAR = {
    "data": [{"type": "bar", "name": "Vendas", "x": [f"Loja {n}" for n in range(12)], "y": list(range(12))}],
    "layout": {"title": {"text": "Vendas por loja"}},
}
NULL = Path(os.devnull)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=10_000_000)
    rows = words.parse_args().rows
    print(f"{'':<26}{'prosa':>9}{'peer':>9}{'ratio':>8}")
    compare(f"csv, {rows:,} rows", rows, prosa("csv"), pyarrow_csv, 0.75)
    compare(f"csv pt-BR, {rows:,}", rows, prosa("csv", parse(personal("pt-BR"))), polars_csv, 0.5)
    compare("parquet, 1,000,000", 1_000_000, prosa("parquet"), pyarrow_parquet, 0.8)
    compare("xml, 200,000", 200_000, prosa("xml"), lxml_xml, 3)
    compare("xlsx, 200,000", 200_000, prosa("xlsx"), xlsxwriter_xlsx, 2.5)
    compare("csv, 200,000 (csv module)", 200_000, prosa("csv"), csv_module, 1)
    charts()
    thousand()
    print(f"most memory of this process, peers included: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")


def reader(rows: int) -> pa.RecordBatchReader:
    connection = duckdb.connect()
    return connection.sql(ROWS.format(rows=rows)).to_arrow_reader(65_536)


def compare(name: str, rows: int, ours: Callable[[int], None], theirs: Callable[[int], None], aim: float) -> None:
    """Three rounds in turn, the medians; one small round before warms both."""
    ours(1_000)
    theirs(1_000)
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(3 if rows <= 1_000_000 else 2):
        for times, write in zip(taken, (ours, theirs), strict=True):
            begun = time.perf_counter()
            write(rows)
            times.append(time.perf_counter() - begun)
    mine, peer = map(statistics.median, taken)
    print(f"{name:<26}{mine:8.2f}s{peer:8.2f}s{peer / mine:8.2f}  (aim {aim})")


def prosa(format: str, options: Options | None = None) -> Callable[[int], None]:
    writer, chosen = formats.find(format).writer(), options or Options()

    def write(rows: int) -> None:
        with NULL.open("wb", buffering=0) as file:
            assert writer(reader(rows), file.write, chosen) == rows

    return write


def pyarrow_csv(rows: int) -> None:
    source = reader(rows)
    with pa.OSFile(os.devnull, "wb") as file, pyarrow.csv.CSVWriter(file, source.schema) as writer:
        for batch in source:
            writer.write_batch(batch)


def polars_csv(rows: int) -> None:
    with NULL.open("wb") as file:
        for batch in reader(rows):
            polars.from_arrow(batch).write_csv(file, separator=";", decimal_comma=True, include_header=False)


def pyarrow_parquet(rows: int) -> None:
    source = reader(rows)
    with pyarrow.parquet.ParquetWriter(os.devnull, source.schema, compression="zstd") as writer:
        for batch in source:
            writer.write_batch(batch, row_group_size=122_880)


def lxml_xml(rows: int) -> None:
    source = reader(rows)
    names = source.schema.names
    with lxml.etree.xmlfile(os.devnull, encoding="utf-8") as file, file.element("rows"):
        for batch in source:
            for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                row = lxml.etree.Element("row")
                for name, value in zip(names, values, strict=True):
                    lxml.etree.SubElement(row, "value", name=name).text = None if value is None else str(value)
                file.write(row)


def xlsxwriter_xlsx(rows: int) -> None:
    source, place = reader(rows), NULL.parent / "shm" / f"prosa-bench-{os.getpid()}.xlsx"
    book = xlsxwriter.Workbook(str(place), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    dates = {"day": book.add_format({"num_format": "yyyy-mm-dd"})}
    dates["at"] = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    line = 0
    for batch in source:
        for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            for column, (name, value) in enumerate(zip(source.schema.names, values, strict=True)):
                if name in dates:
                    sheet.write_datetime(line, column, value, dates[name])
                elif name in ("big", "name", "city") and value is not None:
                    sheet.write_string(line, column, str(value))
                elif name == "flag":
                    sheet.write_boolean(line, column, value)
                elif value is not None:
                    sheet.write_number(line, column, value)
            line += 1
    book.close()
    place.unlink()


def csv_module(rows: int) -> None:
    with NULL.open("w", newline="") as file:
        writer = csv.writer(file)
        for batch in reader(rows):
            writer.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))


def charts() -> None:
    for format, aim in (("html", 10), ("csv", 20), ("xml", 20), ("xlsx", 20)):
        asyncio.run(chart_export.write(BAR, format))
        times = []
        for _ in range(30):
            begun = time.perf_counter()
            file = asyncio.run(chart_export.write(json.dumps(BAR), format))
            times.append(time.perf_counter() - begun)
        print(f"chart to {format:<17}{statistics.median(times) * 1000:8.2f} ms (aim {aim}), {len(file.data):,} bytes")


def thousand() -> None:
    """Resident memory after 100 exports in a row and after 1,000."""
    sizes = {}
    for number in range(1, 1_001):
        prosa(("csv", "xlsx", "json", "xml", "parquet")[number % 5])(1_000)
        asyncio.run(chart_export.write(BAR, "html"))
        sizes[number] = resident()
    print(f"memory after 100 exports {sizes[100]} MB, after 1,000 {sizes[1_000]} MB")


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() >> 20


if __name__ == "__main__":
    main()
