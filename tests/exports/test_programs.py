"""Files opened by the programs that people use: LibreOffice, DuckDB, an XML parser. (Browsers: `tests/browser`.)"""

import csv
import io
import os
import shutil
import subprocess
from xml.etree import ElementTree

import duckdb
import pytest


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """LibreOffice opens a file and saves its first sheet, or another, as CSV with the cells' values as they show."""
    program = shutil.which("soffice")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs LibreOffice (apt-get install libreoffice-calc)")
    folder = tmp_path_factory.mktemp("office")

    def convert(name, data, sheet=1):
        path = folder / name
        path.write_bytes(data)
        filter_options = f"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,{sheet}"
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", filter_options, "--outdir", str(folder), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
        [made] = [found for found in folder.glob("*.csv") if found.name.startswith(path.stem)]
        text = made.read_text("utf-8-sig")
        made.unlink()
        assert "Error" not in done.stderr, done.stderr
        return list(csv.reader(io.StringIO(text)))

    return convert


def test_libreoffice_reads_a_workbook_with_its_types(converted, written, sales, about):
    data = written("xlsx", sales, provenance=about, title="Vendas")
    rows = converted("sales.xlsx", data)
    assert rows[0] == sales.column_names
    assert rows[1][:1] + rows[1][3:4] == ["São João", "2025-01-02"]
    assert float(rows[1][1]) == 1234.5
    assert [row[0] for row in rows[1:]] == ["São João", '<b>&"|x', "=1+1", ""]
    told = {row[0]: row[1] for row in converted("about.xlsx", data, sheet=2) if len(row) > 1}
    assert (told["Question"], told["Rows"]) == ("Quais lojas <vendem> mais?", "4")


def test_libreoffice_reads_odd_cells(converted, written, odd):
    rows = converted("odd.xlsx", written("xlsx", odd))
    assert len(rows) >= 2
    assert len(rows[0]) == odd.num_columns
    assert "=HYPERLINK(1)" in rows[1]
    assert "18446744073709551615" in rows[1]


def test_duckdb_reads_every_table_format(tmp_path, written, sales):
    connection = duckdb.connect()
    for format, ending, reads in (
        ("parquet", "parquet", "read_parquet"), ("csv", "csv", "read_csv"), ("ndjson", "ndjson", "read_ndjson"),
    ):  # fmt: skip
        path = tmp_path / f"sales.{ending}"
        path.write_bytes(written(format, sales))
        found = connection.sql(f"SELECT loja, valor, n FROM {reads}('{path}')").fetchall()
        assert len(found) == 4, format
        assert (found[0][0], float(found[0][1])) == ("São João", 1234.5), format


def test_an_xml_parser_reads_the_document(written, odd, about):
    document = ElementTree.fromstring(written("xml", odd, provenance=about))
    assert document.tag == "result"
    assert len(document.findall("rows/row")) == 2
