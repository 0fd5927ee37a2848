"""Which type a column of text has, decided over all its cells."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest


def column(bench, cells, header="x", other=None):
    """A file of two columns, of which the first is tried; returns its type and values."""
    lines = [f'"{cell}";{other or "a"}' for cell in cells]
    info = bench.read(f"{header};{'k' if other is None else 'other'}\n" + "\n".join(lines) + "\n")
    return info.tables[0].columns[0].native, [row[0] for row in bench.rows(info)]


@pytest.mark.parametrize(
    ("cells", "native", "values"),
    [
        (["1", "-2", "300"], "BIGINT", [1, -2, 300]),
        (["1.0", "2.0", ""], "BIGINT", [1, 2, None]),
        (["1.5", "2"], "DECIMAL(18,1)", [Decimal("1.5"), Decimal("2.0")]),
        (["0.125", ".5"], "DECIMAL(18,3)", [Decimal("0.125"), Decimal("0.500")]),
        (["1,5", "2,25"], "DECIMAL(18,2)", [Decimal("1.50"), Decimal("2.25")]),
        (["1.234,56", "7,00"], "DECIMAL(18,2)", [Decimal("1234.56"), Decimal("7.00")]),
        (["1,234.56", "7.00"], "DECIMAL(18,2)", [Decimal("1234.56"), Decimal("7.00")]),
        (["1.234.567", "2.000"], "BIGINT", [1234567, 2000]),
        (["1 234,5", "10,0"], "DECIMAL(18,1)", [Decimal("1234.5"), Decimal("10.0")]),
        (["R$ 1.234,56", "R$ -2,00", "-R$ 3,10"], "DECIMAL(18,2)", [Decimal("1234.56"), Decimal(-2), Decimal("-3.10")]),
        (["$1,234.50", "$2.00"], "DECIMAL(18,2)", [Decimal("1234.50"), Decimal(2)]),
        (["10 €", "12,50 €"], "DECIMAL(18,2)", [Decimal(10), Decimal("12.50")]),
        (["(1,50)", "2,00"], "DECIMAL(18,2)", [Decimal("-1.50"), Decimal(2)]),
        (["1,50-", "2,00"], "DECIMAL(18,2)", [Decimal("-1.50"), Decimal(2)]),
        (["12%", "7,5%"], "DECIMAL(18,3)", [Decimal("0.120"), Decimal("0.075")]),
        (["1e3", "2.5E-2"], "DOUBLE", [1000.0, 0.025]),
        (["-8.1234567", "34.5"], "DOUBLE", [-8.1234567, 34.5]),
        (["123456789012345678", "1"], "BIGINT", [123456789012345678, 1]),
        (["007", "010"], "VARCHAR", ["007", "010"]),
        (["12345678901234567890", "1"], "VARCHAR", ["12345678901234567890", "1"]),
        (["+5511999998888", "+5511888887777"], "VARCHAR", ["+5511999998888", "+5511888887777"]),
        (["192.168.0.1", "10.0.0.1"], "VARCHAR", ["192.168.0.1", "10.0.0.1"]),
        (["2024-01-05", "2024-12-31"], "DATE", [date(2024, 1, 5), date(2024, 12, 31)]),
        (["2024/1/5", "2024/12/31"], "DATE", [date(2024, 1, 5), date(2024, 12, 31)]),
        (["31/12/2024", "01/02/2024"], "DATE", [date(2024, 12, 31), date(2024, 2, 1)]),
        (["12/31/2024", "01/02/2024"], "DATE", [date(2024, 12, 31), date(2024, 1, 2)]),
        (["31.12.24", "01.02.69"], "DATE", [date(2024, 12, 31), date(1969, 2, 1)]),
        (["12 de janeiro de 2024", "3 de março de 2025"], "DATE", [date(2024, 1, 12), date(2025, 3, 3)]),
        (["12-fev-24", "30-DEZ-23"], "DATE", [date(2024, 2, 12), date(2023, 12, 30)]),
        (["Jan 12, 2024", "September 3, 2024"], "DATE", [date(2024, 1, 12), date(2024, 9, 3)]),
        (["jan/2024", "fev/2024"], "DATE", [date(2024, 1, 1), date(2024, 2, 1)]),
        (["2024-01-05 10:30", "2024-01-06T11:00:01.5"], "TIMESTAMP",
         [datetime(2024, 1, 5, 10, 30), datetime(2024, 1, 6, 11, 0, 1, 500000)]),
        (["31/12/2024 10:30", "01/02/2024 00:00"], "TIMESTAMP", [datetime(2024, 12, 31, 10, 30), datetime(2024, 2, 1)]),
        (["12/31/2024 1:05 PM", "1/2/2024 12:00 AM"], "TIMESTAMP",
         [datetime(2024, 12, 31, 13, 5), datetime(2024, 1, 2)]),
        (["2024-01-05 00:00:00", "2024-01-06 00:00:00.000"], "DATE", [date(2024, 1, 5), date(2024, 1, 6)]),
        (["2024-01-05T22:00:00-03:00", "2024-01-06T01:00:00-03:00"], "TIMESTAMP",
         [datetime(2024, 1, 5, 22), datetime(2024, 1, 6, 1)]),
        (["10:30", "9:05:01"], "TIME", [time(10, 30), time(9, 5, 1)]),
        (["25:30", "99:10"], "VARCHAR", ["25:30", "99:10"]),
        (["Sim", "NÃO", "sim"], "BOOLEAN", [True, False, True]),
        (["yes", "No"], "BOOLEAN", [True, False]),
        (["TRUE", "false"], "BOOLEAN", [True, False]),
        (["S", "N"], "BOOLEAN", [True, False]),
        (["verdadeiro", "falso"], "BOOLEAN", [True, False]),
        (["S", "S"], "VARCHAR", ["S", "S"]),
        (["S", "N", "M"], "VARCHAR", ["S", "N", "M"]),
        (["  Ana ", "Bob"], "VARCHAR", ["Ana", "Bob"]),
        ([" 12 ", "7"], "BIGINT", [12, 7]),
        (["\u00a012", "7\u00a0"], "BIGINT", [12, 7]),
    ],
)  # fmt: skip
def test_cells_become_values(bench, cells, native, values):
    assert column(bench, cells) == (native, values)


@pytest.mark.parametrize("word", ["NA", "n/a", "NULL", "null", "-", "NaN", "#N/D", "None", "?", "", "N/D"])
def test_words_for_missing_values_are_no_obstacle(bench, word):
    assert column(bench, ["1,5", word, "2,5"]) == ("DECIMAL(18,1)", [Decimal("1.5"), None, Decimal("2.5")])


def test_words_for_missing_values_are_told(bench, notices):
    info = bench.read("a,b\n1,x\nNA,y\n-,null\n")
    assert notices(info)["null_words"] == [{"table": "data", "count": 3, "columns": "a, b"}]


def test_texts_keep_words_that_may_be_names(bench):
    assert column(bench, ["NA", "BR", "-", "None"]) == ("VARCHAR", ["NA", "BR", "-", "None"])


def test_one_bad_cell_keeps_all_as_text_and_is_told(bench, notices):
    info = bench.read("id,price\n" + "".join(f"{n},{n}.5\n" for n in range(5_000)) + "5000,about 7\n")
    assert info.tables[0].columns[1].native == "VARCHAR"
    assert bench.rows(info)[-1] == (5000, "about 7")
    assert notices(info)["mixed_number"] == [{"table": "data", "column": "price", "count": 1, "example": "about 7"}]


def test_a_day_that_no_calendar_has_keeps_all_as_text_and_is_told(bench, notices):
    info = bench.read("id,day\n1,2024-01-30\n2,2024-02-30\n3,2024-03-30\n")
    assert info.tables[0].columns[1].native == "VARCHAR"
    assert notices(info)["mixed_date"][0]["example"] == "2024-02-30"


def test_codes_with_zeros_before_them_are_no_bad_numbers(bench, notices):
    info = bench.read("cep,n\n01310,1\n20040,2\n30130,3\n")
    assert info.tables[0].columns[0].native == "VARCHAR"
    assert "mixed_number" not in notices(info)


def test_a_wider_form_late_in_the_file_is_found(bench):
    rows = "".join(f"{n % 100}\n" for n in range(30_000))
    assert bench.read(f"n\n{rows}2.5\n").tables[0].columns[0].native == "DECIMAL(18,1)"


@pytest.mark.parametrize(
    ("text", "day", "told"),
    [
        ("id,day\n1,03/04/2024\n2,05/06/2024\n", date(2024, 3, 4), "month_first"),
        ("id;dia\n1;03/04/2024\n2;05/06/2024\n", date(2024, 4, 3), "day_first"),
        ("id,data,cidade\n1,03/04/2024,Recife\n2,05/06/2024,Natal\n", date(2024, 4, 3), "day_first"),
        ('id,day,price\n1,03/04/2024,"1,50"\n2,05/06/2024,"2,00"\n', date(2024, 4, 3), "day_first"),
        ("id,day,due\n1,03/04/2024,25/04/2024\n2,05/06/2024,30/06/2024\n", date(2024, 4, 3), None),
        ("id,day,due\n1,03/04/2024,04/25/2024\n2,05/06/2024,06/30/2024\n", date(2024, 3, 4), None),
        ("id,day\n1,03/04/2024\n2,25/06/2024\n", date(2024, 4, 3), None),
    ],
)
def test_day_and_month_are_told_apart_by_the_whole_file(bench, notices, text, day, told):
    info = bench.read(text)
    assert bench.rows(info)[0][1] == day
    found = {"day_first", "month_first"} & set(notices(info))
    assert found == ({told} if told else set())


def test_days_and_months_that_contradict_each_other_stay_text(bench, notices):
    info = bench.read("id,day\n1,13/12/2024\n2,12/13/2024\n3,01/02/2024\n")
    assert info.tables[0].columns[1].native == "VARCHAR"
    assert "mixed_date" in notices(info)


@pytest.mark.parametrize(
    ("text", "value", "told"),
    [
        ("k;p\nx;1.234\ny;2.500\n", 1234, "decimal_comma"),
        ("k,p\nx,1.234\ny,2.500\n", Decimal("1.234"), "decimal_dot"),
        ("k;p;q\nx;1.234;7,5\ny;2.500;8,5\n", 1234, None),
        ("k;p;q\nx;1.234;7.5\ny;2.500;8.5\n", Decimal("1.234"), None),
        ("k;p\nx;1.234\ny;0.500\n", Decimal("1.234"), None),
    ],
)
def test_a_lone_mark_between_digits_is_read_as_the_rest_of_the_file_writes(bench, notices, text, value, told):
    info = bench.read(text)
    assert bench.rows(info)[0][1] == value
    found = {"decimal_comma", "decimal_dot"} & set(notices(info))
    assert found == ({told} if told else set())


def test_times_of_several_zones_become_utc_and_are_told(bench, notices):
    info = bench.read("t\n2024-01-05T10:00:00-03:00\n2024-07-05T10:00:00+02:00\n")
    assert bench.rows(info) == [(datetime(2024, 1, 5, 13),), (datetime(2024, 7, 5, 8),)]
    assert notices(info)["times_in_utc"] == [{"table": "data", "column": "t", "count": 2}]


def test_eight_digits_are_a_day_only_where_the_name_says_so(bench, types):
    info = bench.read("data,codigo\n20240105,20240105\n20241231,20241231\n")
    assert types(info) == {"data": "DATE", "codigo": "BIGINT"}


def test_a_year_and_a_month_are_a_day_only_where_the_name_says_so(bench, types):
    info = bench.read("mes,temporada\n2010-11,2010-11\n2011-12,2011-12\n")
    assert types(info) == {"mes": "DATE", "temporada": "VARCHAR"}


def test_what_the_file_wrote_is_a_hint_for_display(bench):
    info = bench.read("preço;taxa;mes;n\nR$ 1,00;10%;jan/2024;1\nR$ 2,00;20%;fev/2024;2\n")
    assert [column.format for column in info.tables[0].columns] == ["currency", "percent", "month", ""]


def test_a_column_without_values_is_text(bench):
    assert column(bench, ["", ""], header="empty", other="1")[0] == "VARCHAR"
