"""What a file is, whatever it is called."""

import gzip
import io
import json
import sqlite3
import tarfile
import zipfile

import duckdb
import pytest

from prosa.errors import SourceError

CSV = "id,name\n1,Ana\n2,Bob\n"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("x.json", CSV, "csv"),
        ("x.csv", json.dumps([{"id": 1}]), "json"),
        ("x.csv", '{"id": 1}\n{"id": 2}\n', "json"),
        ("x.xlsx", CSV, "csv"),
        ("x.parquet", CSV, "csv"),
        ("x.sqlite", CSV, "csv"),
    ],
)
def test_content_counts_more_than_the_ending_and_the_difference_is_told(bench, notices, name, content, kind):
    info = bench.read(content, name)
    assert info.kind == kind
    assert notices(info)["wrong_ending"] == [{"table": "", "file": name, "kind": kind}]


@pytest.mark.parametrize("name", ["x.csv", "x.txt", "x.tsv", "x.CSV", "noending", "x.unknown"])
def test_an_ending_that_says_nothing_else_needs_no_notice(bench, notices, name):
    assert "wrong_ending" not in notices(bench.read(CSV, name))


def test_databases_are_known_by_any_name(bench, tmp_path):
    with sqlite3.connect(bench.folder / "a.csv") as con:
        con.execute("CREATE TABLE t (x)")
    con.close()
    duckdb.connect(str(bench.folder / "b.db")).execute("CREATE TABLE t (x INT)").close()
    assert bench.prepare(bench.folder / "a.csv").kind == "sqlite"
    assert bench.prepare(bench.folder / "b.db").kind == "duckdb"


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def tarred():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("x.csv"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.csv", b"", "source_empty"),
        ("x.csv", b" \n\n", "source_empty"),
        ("x.csv", bytes(range(256)) * 20, "source_binary"),
        ("x.png", b"\x89PNG\r\n\x1a\n" + bytes(range(200)) * 5, "source_binary"),
        ("x.db", bytes(range(256)) * 20, "source_no_sqlite"),
        ("x.duckdb", bytes(range(256)) * 20, "source_no_duckdb"),
        ("x.parquet", bytes(range(256)) * 20, "source_no_parquet"),
        ("x.xlsx", bytes(range(256)) * 20, "source_no_xlsx"),
        ("x.parquet", b"PAR1" + b"\0" * 50, "source_truncated"),
        ("x.parquet", b"PARE" + b"\0" * 50, "source_password"),
        ("x.csv", b"%PDF-1.7\n", "source_document"),
        ("x.docx", zipped(word__document="x"), "source_document"),
        ("x.zip", zipped(data="x"), "source_archive"),
        ("x.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 50, "source_archive"),
        ("x.tar.gz", tarred(), "source_archive"),
        ("x.csv.gz", gzip.compress(CSV.encode() * 9000)[:-300], "source_truncated"),
        ("x.csv.gz", b"\x1f\x8b" + b"\0" * 50, "source_truncated"),
        ("x.xls", b"<html><table><tr><td>1</td></tr></table></html>", "source_markup"),
        ("x.csv", b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "source_markup"),
        ("x.sqlite", b"SQLite format 3\0" + b"\0" * 100, "source_broken"),
        ("x.duckdb", b"\0" * 8 + b"DUCK" + b"\0" * 20, "source_broken"),
        ("x.csv", ",".join(f"c{n}" for n in range(20_000)) + "\n", "source_too_wide"),
    ],
)
def test_what_can_not_be_read_is_refused_with_a_reason_and_a_hint(bench, name, content, code):
    with pytest.raises(SourceError) as failure:
        bench.read(content, name)
    assert failure.value.code == code
    for locale in ("en", "pt-BR"):
        assert name in failure.value.sentence(locale)
        assert failure.value.hint(locale)
    assert not list((bench.cache / "sources").iterdir())


def test_compressed_text_that_expands_beyond_measure_is_refused(bench, monkeypatch):
    monkeypatch.setattr("prosa.sources.reading.decoding.EXPANDED_FREE", 1 << 20)
    with pytest.raises(SourceError) as failure:
        bench.read(gzip.compress(b"id,name\n" + b"1,Ana\n" * 2_000_000), "x.csv.gz")
    assert failure.value.code == "source_expands"
    assert bench.read(gzip.compress(CSV.encode()), "ok.csv.gz").tables[0].rows == 2


def test_a_row_without_end_is_refused(bench, monkeypatch):
    monkeypatch.setattr("prosa.sources.reading.delimited._BLOCKS", (1 << 16,))
    with pytest.raises(SourceError) as failure:
        bench.read("a,b\n" + "1,2\n" * 10 + "x" * (1 << 18) + ",3\n")
    assert failure.value.code == "csv_rows_too_long"


def test_a_file_that_is_no_table_is_refused_once_too_much_does_not_fit(bench, monkeypatch):
    monkeypatch.setattr("prosa.sources.reading.delimited._MOST_RAGGED", 10_000)
    rows = "".join("x," * (n % 7) + "x\n" for n in range(20_000))
    with pytest.raises(SourceError) as failure:
        bench.read("a,b,c\n" + rows)
    assert failure.value.code == "csv_ragged"
