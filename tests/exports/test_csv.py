"""CSV to the byte: quoting, marks, missing cells, typed values, and text that a spreadsheet would run."""

import csv as reader_of_the_field
import io
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prosa.exports import csv, formats
from prosa.exports.options import parse, personal
from prosa.results import Column


def written(table, **options):
    parts = []
    rows = csv.write(table.to_reader(), lambda data: parts.append(bytes(data)), parse(options))
    assert rows == table.num_rows
    return b"".join(parts)


def one(values, kind=None, **options):
    """The only column's cells, as they stand in the file."""
    text = written(pa.table({"a": pa.array(values, kind)}), line_end="\n", **options).decode()
    return text.split("\n")[1:-1]


SALES = pa.table(
    {
        "loja": ["São João", 'a "b"', "x;y,z", None],
        "valor": pa.array([Decimal("1234.50"), Decimal("-0.05"), None, Decimal("0")], pa.decimal128(12, 2)),
        "média": [0.1, 1e20, None, -2.0],
        "dia": pa.array([date(2025, 1, 2), None, date(1999, 12, 31), date(2024, 2, 29)]),
        "hora": pa.array([datetime(2025, 1, 2, 3, 4, 5), datetime(2025, 1, 2, 3, 4, 5, 120000), None, None]),
        "n": [1, None, -3, 2**62],
        "ok": [True, False, None, True],
    }
)


def test_the_default_is_plain_rfc_4180():
    assert (
        written(SALES)
        == (
            "loja,valor,média,dia,hora,n,ok\r\n"
            "São João,1234.50,0.1,2025-01-02,2025-01-02 03:04:05,1,true\r\n"
            '"a ""b""",-0.05,1e+20,,2025-01-02 03:04:05.12,,false\r\n'
            '"x;y,z",,,1999-12-31,,-3,\r\n'
            ",0.00,-2,2024-02-29,,4611686018427387904,true\r\n"
        ).encode()
    )


def test_a_brazilians_file_opens_in_excel():
    assert (
        written(SALES, **personal("pt-BR"))
        == (
            "\ufeffloja;valor;média;dia;hora;n;ok\r\n"
            "São João;1234,50;0,1;2025-01-02;2025-01-02 03:04:05;1;true\r\n"
            '"a ""b""";-0,05;1e+20;;2025-01-02 03:04:05.12;;false\r\n'
            '"x;y,z";;;1999-12-31;;-3;\r\n'
            ";0,00;-2;2024-02-29;;4611686018427387904;true\r\n"
        ).encode()
    )


def test_every_option_is_taken():
    text = written(SALES, delimiter="\t", line_end="\n", null="NA", date_format="%d/%m/%Y").decode()
    assert text.split("\n")[:4] == [
        "loja\tvalor\tmédia\tdia\thora\tn\tok",
        "São João\t1234.50\t0.1\t02/01/2025\t02/01/2025 03:04:05\t1\ttrue",
        '"a ""b"""\t-0.05\t1e+20\tNA\t02/01/2025 03:04:05.12\tNA\tfalse',
        "x;y,z\tNA\tNA\t31/12/1999\tNA\t-3\tNA",
    ]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "|calc", "%0A", "\t=1", "\0x", "＝1", "＋1a", "－x", "＠a", "｜b", "％c"],
)
def test_text_that_a_spreadsheet_would_run_is_defused(text):
    assert one([text, "plain"]) == [f"'{text}", "plain"]
    assert one([text, "plain"], raw=True) == [text, "plain"]


def test_a_leading_carriage_return_is_defused_and_quoted():
    assert written(pa.table({"a": ["\r=1"]})) == b'a\r\n"\'\r=1"\r\n'


@pytest.mark.parametrize("text", ["-5", "+3.20", "-1.234,56", "-1e-7", "+.5", "a=b", "1-2", "é"])
def test_text_that_is_a_number_or_harmless_stays(text):
    assert one([text, "=x"], delimiter=";") == [text, "'=x"]


def test_only_wholly_a_number_is_a_number():
    assert one(["-5\n", "-5-", "-1.2.x", "--5"], null="?")[0:1] == ["\"'-5"]


def test_typed_numbers_dates_and_times_are_never_defused():
    assert one([-5, 3]) == ["-5", "3"]
    assert one([-0.5]) == ["-0.5"]
    assert one([Decimal("-1.5")]) == ["-1.5"]
    assert one([date(2025, 1, 2)], date_format="-%d") == ["-02"]


def test_bytes_and_nested_values_are_text():
    assert one([b"\xfb\xff"], pa.binary()) == ["'+/8="]
    assert one([b"\xfb\xff"], pa.binary(), raw=True) == ["+/8="]
    assert one([[1, None], None], pa.list_(pa.int64())) == ['"[1,null]"', '""']


def test_headers_are_defused_quoted_and_renamed():
    table = pa.table([[1], [2], [3]], names=["=a", 'b"c', "d,e"])
    assert written(table) == b'\'=a,"b""c","d,e"\r\n1,2,3\r\n'
    renamed = tuple(Column(name, "integer") for name in ("Total", "-Total", "x"))
    assert written(table, columns=renamed) == b"Total,'-Total,x\r\n1,2,3\r\n"


def test_no_rows_is_a_header_alone():
    assert written(SALES.schema.empty_table()).count(b"\r\n") == 1


def test_a_null_text_with_a_delimiter_is_quoted():
    assert one(["a", None], null="n,a") == ["a", '"n,a"']


def test_a_date_format_with_a_delimiter_is_quoted():
    assert one([date(2025, 1, 2)], date_format="%d, %m") == ['"02, 01"']


def test_rows_beyond_one_batch_are_all_there():
    table = pa.table({"a": list(range(100_000)), "b": ["x" * (n % 50) for n in range(100_000)]})
    found = list(reader_of_the_field.reader(io.StringIO(written(table).decode(), newline="")))
    assert found[1:] == [[str(n), "x" * (n % 50)] for n in range(100_000)]


def test_a_sliced_batch_is_read_from_its_own_place():
    table = pa.table({"a": ["one", "t,wo", None, "four"], "b": [1, 2, 3, 4]}).slice(1, 2)
    assert written(table) == b'a,b\r\n"t,wo",2\r\n,3\r\n'


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2), min_size=1))
@settings(deadline=None)
def test_any_text_comes_back(rows):
    table = pa.table([pa.array(column, pa.string()) for column in zip(*rows, strict=True)], names=["a", "b"])
    text = written(table, raw=True).decode()
    assert list(reader_of_the_field.reader(io.StringIO(text, newline=""), strict=True))[1:] == rows


def test_csv_is_in_the_table_of_formats():
    assert formats.find("csv").writer() is csv.write
    assert formats.find("csv").mime == "text/csv; charset=utf-8"


@pytest.mark.parametrize(("cells", "kind"), [(["", None, "a"], None), ([None, 1], None), ([None], pa.null())])
def test_no_row_of_a_single_column_is_a_blank_line(cells, kind):
    """Readers skip blank lines, and with them a row."""
    shown = ["" if cell is None else str(cell) for cell in cells]
    file = io.StringIO(written(pa.table({"only": pa.array(cells, kind)})).decode(), newline="")
    assert list(reader_of_the_field.reader(file)) == [["only"], *([cell] for cell in shown)]
    assert one(cells, kind, null="NULL")[-1] == (shown[-1] or "NULL")
