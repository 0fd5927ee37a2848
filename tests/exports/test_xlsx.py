"""Workbooks, opened by openpyxl and fastexcel."""

import io
import math
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

import fastexcel
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prosa.exports import xlsx
from prosa.exports.options import Options
from prosa.results import Column


def book(table, **options):
    parts = []
    xlsx.write(table.to_reader(), lambda data: parts.append(bytes(data)), Options(**options))
    return b"".join(parts)


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def cells(values, kind=None, **options):
    """The only column's cells, below its name."""
    table = pa.table({"a": pa.array(values, kind), "row": range(len(values))})
    sheet = opened(book(table, **options)).worksheets[0]
    return [row[0] for row in sheet.iter_rows(min_row=2)]


def values(found):
    return [cell.value for cell in found]


def test_cells_have_the_types_of_their_columns(sales):
    sheet = opened(book(sales)).worksheets[0]
    rows = list(sheet.iter_rows())
    assert values(rows[0]) == sales.column_names
    assert [cell.data_type for cell in rows[1]] == ["s", "n", "n", "d", "d", "n", "b"]
    moment = datetime(2025, 1, 2, 3, 4, 5)
    assert values(rows[1]) == ["São João", 1234.5, 0.25, datetime(2025, 1, 2), moment, 1, True]
    assert values(rows[4]) == [None, 0, -2, datetime(2024, 2, 29), None, "4611686018427387904", True]


def test_text_never_becomes_a_formula_or_a_link():
    hostile = ["=1+1", '=HYPERLINK("https://evil.example")', "+1", "-1", "@SUM(A1)", "https://evil.example", "\t=1"]
    data = book(pa.table({"=1+1": hostile}))
    sheet = opened(data).worksheets[0]
    found = [row[0] for row in sheet.iter_rows()]
    assert values(found) == ["=1+1", *hostile]
    assert {cell.data_type for cell in found} == {"s"}
    assert [cell.quotePrefix for cell in found[1:]] == [True, True, True, True, True, False, True]
    parts = zipfile.ZipFile(io.BytesIO(data))
    assert not any(b"<f>" in parts.read(name) or b"hyperlink" in parts.read(name) for name in parts.namelist())


def test_integers_beyond_15_digits_are_text_and_the_others_numbers():
    found = cells([10**15 - 1, 10**15, -(10**15), -(2**63), 7, None])
    assert values(found) == [10**15 - 1, "1000000000000000", "-1000000000000000", str(-(2**63)), 7, None]
    assert values(cells([2**64 - 1, 5], pa.uint64())) == ["18446744073709551615", 5]


def test_decimals_that_a_double_cannot_hold_are_text():
    digits = [Decimal("1234567890123456789012345678.1234567890"), Decimal("12.5"), Decimal("0.0000000001"), None]
    found = cells(digits, pa.decimal128(38, 10))
    assert values(found) == ["1234567890123456789012345678.1234567890", 12.5, 1e-10, None]


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_numbers_that_excel_lacks_are_named(value):
    assert values(cells([value, 1.5])) == [{math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN"), 1.5]


def test_dates_outside_of_excels_calendar_are_text():
    days = [date(1900, 2, 28), date(1900, 3, 1), date(9999, 12, 31), date(44, 3, 15), None]
    assert values(cells(days)) == ["1900-02-28", datetime(1900, 3, 1), datetime(9999, 12, 31), "0044-03-15", None]


@settings(max_examples=50)
@given(st.lists(st.datetimes(datetime(1901, 1, 1), datetime(9998, 12, 31)), min_size=1))
def test_moments_read_back_to_the_millisecond(moments):
    for cell, moment in zip(cells(moments), moments, strict=True):
        assert abs((cell.value - moment).total_seconds()) < 0.001


def test_times_and_zoned_moments():
    assert values(cells([time(8, 30), time(0, 0, 1)])) == [time(8, 30), time(0, 0, 1)]
    zoned = pa.array([datetime(2024, 1, 1, 15)], pa.timestamp("us", "America/Sao_Paulo"))
    data = opened(book(pa.table({"quando": zoned}), locale="pt-BR"))
    assert data.worksheets[0]["A2"].value == datetime(2024, 1, 1, 12)
    assert "horários em America/Sao_Paulo" in [row[1].value for row in data["About"].iter_rows(max_col=2)][-1]


@given(st.lists(st.text(max_size=40), min_size=1))
def test_any_text_reads_back_but_for_what_xml_forbids(texts):
    allowed = str.maketrans(dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�"))
    expected = [text.translate(allowed) or None for text in texts]
    found = fastexcel.read_excel(book(pa.table({"a": texts, "row": range(len(texts))}))).load_sheet(0, dtypes="string")
    assert [value or None for value in found.to_arrow()["a"].to_pylist()] == expected


def test_what_looks_like_an_escape_of_excel_stays_as_it_is():
    likely = ["_x0041_", "a\rb\r\n", "_x000D_ _X0041_", " "]
    found = fastexcel.read_excel(book(pa.table({"a": likely, "row": range(4)}))).load_sheet(0)
    assert found.to_arrow()["a"].to_pylist() == likely
    assert values(cells(["a\rb\r\n"])) == ["a\rb\r\n"]


def test_cells_are_cut_where_excel_would_repair_the_file():
    data = book(pa.table({"a": ["x" * 40_000, "😀" * 20_000, "y" * 32_767]}))
    found = values(row[0] for row in opened(data).worksheets[0].iter_rows(min_row=2))
    assert [len(value) for value in found] == [32_767, 16_383, 32_767]
    assert "2 cells were longer" in told(opened(data))


def told(workbook):
    return "\n".join(str(row[0].value) for row in workbook["About"].iter_rows())


def test_the_sheet_about_tells_where_it_comes_from(sales, about):
    facts = {row[0].value: row[1].value for row in opened(book(sales, provenance=about))["About"].iter_rows(max_col=2)}
    assert facts["Question"] == about.question
    assert facts["SQL"] == about.sql
    assert facts["Rows"] == 4
    assert facts["Complete"] == "Yes, every row"
    assert facts["média"] == "number"
    portuguese = opened(book(sales, provenance=about, locale="pt-BR"))
    assert portuguese.sheetnames == ["Dados", "About"]
    assert "Pergunta" in told(portuguese)


def test_what_could_not_be_kept_as_it_is_is_counted():
    table = pa.table({"n": [2**60, 1], "d": [date(1, 1, 1), date(2024, 1, 1)], "t": ["\0", "a"]})
    notes = told(opened(book(table)))
    assert "One number has more digits" in notes
    assert "One date lies outside" in notes
    assert "One character that the format forbids" in notes


def test_numbers_look_as_people_read_them():
    columns = (Column("a", "float", "percent"), Column("row", "integer"))
    assert cells([0.25], columns=columns)[0].number_format == "0.0%"
    assert cells([date(2024, 1, 1)], locale="pt-BR")[0].number_format == "dd/mm/yyyy"
    assert cells([date(2024, 1, 1)])[0].number_format == "yyyy-mm-dd"


def test_more_rows_than_a_sheet_holds_go_on_in_another():
    rows = 2_000_000
    numbers = pa.table({"n": pa.array(range(rows), pa.int32())})
    reader = fastexcel.read_excel(book(numbers))
    assert reader.sheet_names == ["Data", "Data 2", "About"]
    first, second = (reader.load_sheet(place).to_arrow()["n"] for place in (0, 1))
    assert (len(first), len(second)) == (1_048_575, rows - 1_048_575)
    assert (first[-1].as_py(), second[0].as_py(), second[-1].as_py()) == (1_048_574, 1_048_575, rows - 1)


def test_no_rows_still_show_the_columns(sales):
    sheet = opened(book(sales.slice(0, 0))).worksheets[0]
    assert [values(row) for row in sheet.iter_rows()] == [sales.column_names]


def test_the_package_is_what_other_programs_expect(sales):
    parts = zipfile.ZipFile(io.BytesIO(book(sales)))
    assert parts.testzip() is None
    assert {"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/styles.xml"} <= set(parts.namelist())
    assert parts.namelist()[0] == "_rels/.rels"
