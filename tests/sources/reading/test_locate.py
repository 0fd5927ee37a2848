"""Files, folders and patterns of files."""

import os
import tempfile
from pathlib import Path

import duckdb
import pytest

from prosa.errors import SourceError
from prosa.sources.reading.locate import locate

CSV = "id,name\n1,Ana\n2,Bob\n"


def parquet(path, sql="SELECT 1 AS id, 'Ana' AS name"):
    duckdb.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    return path


def code_of(bench, location):
    with pytest.raises(SourceError) as failure:
        bench.prepare(location)
    assert failure.value.sentence("en") != failure.value.sentence("pt-BR")
    return failure.value.code


def test_the_table_of_a_file_is_called_like_the_source(bench):
    info = bench.read(CSV, "export 2024-final.csv", name="Vendas de Março")
    assert [table.name for table in info.tables] == ["vendas_de_marco"]
    assert info.tables[0].source == "Vendas de Março"


def test_parquet_stays_where_it_is(bench):
    path = parquet(bench.folder / "x.parquet", "SELECT range AS id, {'a': 1} AS s FROM range(5)")
    info = bench.prepare(path)
    assert (info.kind, info.tables[0].rows) == ("parquet", 5)
    assert info.pieces[0].kind == "parquet"
    assert info.pieces[0].paths == (str(path),)
    assert [column.type for column in info.tables[0].columns] == ["integer", "struct"]


def test_each_file_of_a_folder_is_a_table(bench, notices):
    bench.write("Clientes Novos.csv", CSV)
    bench.write("pedidos.json", '[{"id": 1}]')
    parquet(bench.folder / "itens.parquet")
    bench.write("README.txt", "About these files\nask Ana\n")
    bench.write("~$lock.xlsx", "x")
    bench.write(".hidden.csv", CSV)
    bench.write("picture.png", b"\x89PNG")
    bench.write("broken.csv", b"")
    info = bench.prepare(bench.folder)
    assert sorted(table.name for table in info.tables) == ["clientes_novos", "itens", "pedidos"]
    assert notices(info)["files_left_out"] == [{"table": "", "count": 2, "files": "broken.csv, README.txt"}]


def test_files_of_one_stem_get_numbers(bench):
    bench.write("a.csv", CSV)
    bench.write("a.json", '[{"id": 1}]')
    assert [table.name for table in bench.prepare(bench.folder).tables] == ["a", "a_2"]


def test_files_of_a_pattern_with_the_same_header_are_one_table(bench, types):
    bench.write("sales_2024.csv", "id,name\n1,Ana\n")
    bench.write("sales_2025.csv", "NAME;ID\nBob;2\n")
    info = bench.prepare(bench.folder / "sales_*.csv", name="sales")
    assert [table.name for table in info.tables] == ["sales"]
    assert bench.rows(info) == [(1, "Ana", "sales_2024"), (2, "Bob", "sales_2025")]
    assert list(types(info)) == ["id", "name", "_file"]


def test_files_of_a_pattern_with_other_headers_are_other_tables(bench):
    bench.write("a_1.csv", "id,name\n1,Ana\n")
    bench.write("a_2.csv", "id,name\n2,Bob\n")
    bench.write("b.csv", "x,y\n1,2\n")
    info = bench.prepare(bench.folder / "*.csv")
    assert {table.name: table.rows for table in info.tables} == {"a": 2, "b": 1}


def test_types_are_decided_over_all_files_of_a_pattern(bench, types):
    bench.write("p1.csv", "v\n1\n")
    bench.write("p2.csv", "v\n2.5\n")
    assert types(bench.prepare(bench.folder / "p*.csv"))["v"] == "DECIMAL(18,1)"


def test_parquet_files_of_a_pattern_are_one_table(bench):
    for part in range(3):
        parquet(bench.folder / f"part-{part}.parquet", f"SELECT {part} AS id")
    info = bench.prepare(bench.folder / "part-*.parquet", name="parts")
    assert [(table.name, table.rows) for table in info.tables] == [("parts", 3)]
    assert len(info.pieces[0].paths) == 3


def test_a_pattern_may_search_folders(bench):
    bench.write("a/x.csv", CSV)
    bench.write("b/x.csv", CSV)
    assert bench.prepare(bench.folder / "**" / "*.csv").tables[0].rows == 4


def test_a_name_with_brackets_is_no_pattern(bench):
    assert bench.read(CSV, "sales[1].csv").tables[0].rows == 2


def test_a_pattern_of_one_file_is_that_file(bench):
    bench.write("only.csv", CSV)
    assert [table.name for table in bench.prepare(bench.folder / "on*.csv", name="mine").tables] == ["mine"]


def test_what_is_not_there_is_said(bench):
    assert code_of(bench, bench.folder / "nothing.csv") == "source_missing"
    assert code_of(bench, "") == "source_missing"
    assert code_of(bench, "a\0b.csv") == "source_missing"
    assert code_of(bench, "x" * 5000) == "source_missing"
    assert code_of(bench, bench.folder / "*.csv") == "pattern_empty"
    assert code_of(bench, "postgresql://user:secret@host/db") == "source_scheme"


def test_a_secret_in_a_url_is_not_repeated(bench):
    with pytest.raises(SourceError) as failure:
        bench.prepare("postgresql://user:secret@host/db")
    assert "secret" not in str(failure.value)


def test_a_folder_without_data_is_refused(bench):
    bench.write("notes.md", "hello")
    assert code_of(bench, bench.folder) == "folder_empty"


def test_a_folder_of_databases_is_refused_with_one_of_them_as_an_example(bench):
    duckdb.connect(str(bench.folder / "a.duckdb")).close()
    duckdb.connect(str(bench.folder / "b.duckdb")).close()
    assert code_of(bench, bench.folder) == "folder_of_databases"
    assert code_of(bench, bench.folder / "*.duckdb") == "folder_of_databases"


def test_a_folder_of_broken_files_says_why(bench):
    bench.write("a.csv", b"")
    assert code_of(bench, bench.folder) == "source_empty"


def test_a_pipe_is_refused(bench):
    os.mkfifo(bench.folder / "pipe")
    assert code_of(bench, bench.folder / "pipe") == "source_not_file"


@pytest.fixture
def nobody(bench):
    """The superuser may read everything: inside, the process is somebody who may not."""
    if not hasattr(os, "seteuid"):
        pytest.skip("permissions work otherwise there")
    above = Path(tempfile.gettempdir())
    for folder in (bench.folder, *(one for one in bench.folder.parents if one.is_relative_to(above) and one != above)):
        folder.chmod(0o755)
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    yield
    if superuser:
        os.seteuid(0)


def test_what_may_not_be_read_is_refused(bench, request):
    locked, readable = bench.write("locked.csv", CSV), bench.write("open.csv", CSV)
    closed = bench.write("closed/x.csv", CSV).parent
    locked.chmod(0)
    closed.chmod(0)
    request.getfixturevalue("nobody")
    for place in (locked, closed, closed / "x.csv"):
        with pytest.raises(SourceError) as failure:
            locate(str(place), bench.cache, lambda share: None)
        assert failure.value.code == "source_denied"
    assert locate(str(readable), bench.cache, lambda share: None).how == "file"
