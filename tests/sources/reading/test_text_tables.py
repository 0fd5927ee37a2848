"""Delimited text as people and programs write it."""

import gzip

import pytest

TABLE = [(1, "Ana"), (2, "Bob")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(bench, delimiter):
    text = "id,name\n1,Ana\n2,Bob\n".replace(",", delimiter)
    assert bench.rows(bench.read(text, "x.txt")) == TABLE


def test_excels_own_line_tells_the_delimiter(bench):
    assert bench.rows(bench.read("sep=;\nid;name\n1;Ana\n2;Bob\n")) == TABLE


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(bench, end):
    assert bench.rows(bench.read(f"id,name{end}1,Ana{end}2,Bob{end}")) == TABLE


def test_the_last_line_needs_no_end(bench):
    assert bench.rows(bench.read("id,name\n1,Ana\n2,Bob")) == TABLE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_the_encoding_is_found(bench, encoding):
    text = "código;descrição\n1;maçã à vista\n2;pão de açúcar\n"
    info = bench.read(text.encode(encoding))
    assert [column.name for column in info.tables[0].columns] == ["código", "descrição"]
    assert bench.rows(info) == [(1, "maçã à vista"), (2, "pão de açúcar")]


def test_windows_characters_are_not_lost(bench):
    assert bench.rows(bench.read("price;note\n1;“10 €” – ok\n".encode("cp1252"))) == [(1, "“10 €” – ok")]


def test_a_stray_latin_byte_late_in_a_utf8_file_is_read_and_told(bench, notices):
    lines = b"id,name\n" + b"1,S\xc3\xa3o\n" * 20_000 + b"2,S\xe3o\n"
    info = bench.read(lines)
    assert bench.rows(info)[-1] == (2, "São")
    assert "encoding_mixed" in notices(info)


def test_nul_bytes_are_left_out_and_told(bench, notices):
    info = bench.read(b"id,name\n1,A\x00na\n" + b"2,Bob\n" * 100)
    assert bench.rows(info)[0] == (1, "Ana")
    assert notices(info)["nuls_left_out"] == [{"table": "data", "count": 1}]


def test_quotes_hold_delimiters_line_breaks_and_quotes(bench):
    text = 'id,text\n1,"a, b"\n2,"two\nlines"\n3,"say ""hi"""\n'
    assert bench.rows(bench.read(text)) == [(1, "a, b"), (2, "two\nlines"), (3, 'say "hi"')]


def test_backslashes_may_escape_quotes(bench):
    assert bench.rows(bench.read('id,text\n1,"say \\"hi\\", Bob"\n2,x\n')) == [(1, 'say "hi", Bob'), (2, "x")]


def test_single_quotes_are_quotes_where_they_stand_around_texts(bench):
    text = "'id','city'\n'1','São Paulo, SP'\n'2','Recife'\n'3','Natal'\n"
    assert bench.rows(bench.read(text)) == [(1, "São Paulo, SP"), (2, "Recife"), (3, "Natal")]


def test_an_apostrophe_is_no_quote(bench):
    assert bench.rows(bench.read("id,name\n1,D'Ávila\n2,O'Hara\n")) == [(1, "D'Ávila"), (2, "O'Hara")]


def test_a_quote_that_never_closes_swallows_no_rows(bench, notices):
    rows = "".join(f"{n},x,{n}\n" for n in range(50))
    info = bench.read(f'a,b,c\n7,"inch,7\n{rows}')
    assert info.tables[0].rows == 51
    assert bench.rows(info)[0] == (7, '"inch', 7)
    assert "quotes_ignored" in notices(info)


def test_a_quote_that_never_closes_swallows_no_rows_across_blocks(bench):
    rows = "".join(f"{n},some text,{n}\n" for n in range(300_000))
    info = bench.read(f'a,b,c\n7,"inch,7\n{rows}')
    assert info.tables[0].rows == 300_001


def test_lines_above_the_header_are_left_out_and_told(bench, notices):
    text = "Relatório de vendas;;\n\nLoja;Dia;Valor\nCentro;2024-01-05;10\nNorte;2024-01-06;20\n"
    info = bench.read(text)
    assert [column.name for column in info.tables[0].columns] == ["Loja", "Dia", "Valor"]
    assert info.tables[0].rows == 2
    assert notices(info)["titles_left_out"] == [{"table": "data", "count": 1, "line": "Relatório de vendas"}]


def test_totals_and_sources_below_the_rows_are_left_out_and_told(bench, notices):
    text = "shop,day,value\nA,2024-01-05,10\nB,2024-01-06,20\nTotal,,30\n\nSource: the national office\n"
    info = bench.read(text)
    assert info.tables[0].rows == 2
    assert notices(info)["total_rows"] == [{"table": "data", "count": 1}]
    assert notices(info)["note_left_out"] == [{"table": "data", "line": "Source: the national office"}]


def test_a_shop_called_total_is_no_total(bench, notices):
    info = bench.read("shop,day,value\nA,2024-01-05,10\nTotal,2024-01-06,20\n")
    assert info.tables[0].rows == 2
    assert "total_rows" not in notices(info)


def test_blank_lines_and_rows_are_no_rows(bench):
    assert bench.rows(bench.read("id,name\n\n1,Ana\n,\n\n2,Bob\n,\n")) == TABLE


def test_a_header_that_comes_again_is_left_out_and_told(bench, notices):
    info = bench.read("id,name\n1,Ana\nid,name\n2,Bob\n")
    assert bench.rows(info) == TABLE
    assert notices(info)["header_repeated"] == [{"table": "data", "count": 1}]


def test_two_headers_alike_get_numbers_and_are_told(bench, types, notices):
    info = bench.read("a,A,b\n1,2,3\n")
    assert list(types(info)) == ["a", "A_2", "b"]
    assert notices(info)["column_renamed"] == [{"table": "data", "column": "A", "name": "A_2"}]


def test_a_column_without_a_name_gets_its_place(bench, types):
    assert list(types(bench.read("a,,b\n1,x,3\n"))) == ["a", "column_2", "b"]


def test_a_column_without_name_and_cells_is_left_out(bench, types):
    assert list(types(bench.read("a;b;\n1;2;\n3;4;\n"))) == ["a", "b"]


def test_a_file_without_header_keeps_its_first_row(bench, types, notices):
    info = bench.read("1,Ana,2024-01-05\n2,Bob,2024-01-06\n")
    assert list(types(info)) == ["column_1", "column_2", "column_3"]
    assert info.tables[0].rows == 2
    assert "no_header" in notices(info)


def test_texts_that_come_again_below_are_no_header(bench):
    assert bench.read("Ana,Recife\nBob,Natal\nAna,Natal\n").tables[0].rows == 3


def test_years_may_be_headers(bench, types):
    assert list(types(bench.read("region,2022,2023\nSouth,10,20\nNorth,5,7\n"))) == ["region", "2022", "2023"]


def test_years_may_be_data(bench):
    assert bench.read("2022\n2023\n2024\n").tables[0].rows == 3


def test_a_header_in_two_rows_is_joined(bench, types):
    info = bench.read("Loja,Vendas,,Custos,\n,Jan,Fev,Jan,Fev\nA,1,2,3,4\nB,5,6,7,8\n")
    assert list(types(info)) == ["Loja", "Vendas Jan", "Vendas Fev", "Custos Jan", "Custos Fev"]
    assert bench.rows(info) == [("A", 1, 2, 3, 4), ("B", 5, 6, 7, 8)]


def test_a_header_alone_is_a_table_without_rows_and_told(bench, types, notices):
    info = bench.read("id,name\n")
    assert list(types(info)) == ["id", "name"]
    assert info.tables[0].rows == 0
    assert "no_rows" in notices(info)


def test_short_rows_are_kept_and_told(bench, notices):
    info = bench.read("a,b,c\n1,2,3\n4\n5,6\n")
    assert sorted(bench.rows(info)) == [(1, 2, 3), (4, None, None), (5, 6, None)]
    assert notices(info)["rows_short"] == [{"table": "data", "count": 2, "example": "4"}]


def test_long_rows_keep_every_cell_and_are_told(bench, types, notices):
    info = bench.read("a,b\n1,2\n3,4,Silva,x\n")
    assert list(types(info)) == ["a", "b", "column_3", "column_4"]
    assert bench.rows(info) == [(1, 2, None, None), (3, 4, "Silva", "x")]
    assert notices(info)["rows_long"] == [{"table": "data", "count": 1, "example": "3,4,Silva,x"}]


def test_rows_longer_than_the_header_everywhere_are_a_column_more(bench, types):
    info = bench.read("a,b\n1,2,x\n3,4,y\n5,6,z\n")
    assert list(types(info)) == ["a", "b", "column_3"]
    assert bench.rows(info)[0] == (1, 2, "x")


def test_one_column_is_a_table(bench):
    assert bench.rows(bench.read("name\nAna\nBob\n")) == [("Ana",), ("Bob",)]


def test_compressed_text_is_read(bench):
    info = bench.read(gzip.compress(b"id,name\n1,Ana\n2,Bob\n"), "sales.csv.gz")
    assert bench.rows(info) == TABLE


def test_the_order_of_rows_is_kept(bench):
    text = "n\n" + "".join(f"{n}\n" for n in range(50_000))
    assert [n for (n,) in bench.rows(bench.read(text))] == list(range(50_000))


def test_wide_tables_are_read(bench, types):
    names = [f"c{n}" for n in range(1_500)]
    info = bench.read(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n")
    assert list(types(info)) == names


def test_progress_counts_bytes_and_ends_at_all_of_them(bench):
    path = bench.write("data.csv", "id,name\n" + "1,Ana\n" * 50_000)
    seen = []
    bench.prepare(path, progress=lambda done, total: seen.append((done, total)))
    assert {total for _, total in seen} == {path.stat().st_size}
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_what_progress_raises_ends_the_reading_and_leaves_nothing(bench):
    path = bench.write("data.csv", "id,name\n" + "1,Ana\n" * 50_000)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.prepare(path, progress=stop)
    assert list((bench.cache / "sources").iterdir()) == []


def test_months_may_be_headers(bench, types):
    info = bench.read("Loja;jan/2024;fev/2024\nA;1,5;2\nB;3;4,5\n")
    assert list(types(info)) == ["Loja", "jan/2024", "fev/2024"]
    assert info.tables[0].rows == 2


def test_one_broken_byte_does_not_turn_a_utf8_file_into_another(bench):
    info = bench.read(b"id,name\n1,S\xc3\xa3o Jo\xc3\xa3o\n2,Jos\xe9\n3,A\xc3\xa7a\xc3\xad\n")
    assert [name for _, name in bench.rows(info)] == ["São João", "José", "Açaí"]


def test_a_file_that_changes_while_it_is_read_is_read_again(bench):
    path = bench.write("data.csv", "id\n1\n")
    calls = []

    def append(done, total):
        if not calls:
            path.write_text("id\n1\n2\n")
        calls.append(done)

    info = bench.prepare(path, progress=append)
    assert info.tables[0].rows == 2
    assert bench.prepare(path).fingerprint == info.fingerprint


def test_the_finished_table_is_one_file_without_a_log(bench):
    info = bench.read("id\n1\n")
    entry = bench.cache / "sources" / info.fingerprint
    assert {file.name for file in entry.iterdir() if not file.name.startswith("used.")} == {"data.duckdb", "info.json"}
