"""Workbooks as people keep them."""

import io
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest

from prosa.errors import SourceError


def workbook(**sheets):
    """An xlsx file's bytes: sheets by title, rows as lists; None leaves a cell empty."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return saved(book)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ROWS = [["id", "name"], [1, "Ana"], [2, "Bob"]]


def test_each_sheet_is_a_table_and_empty_ones_are_not(bench):
    info = bench.read(workbook(Vendas=ROWS, Vazia=[], **{"Preços 2024": ROWS}), "loja.xlsx")
    assert [table.name for table in info.tables] == ["vendas", "precos_2024"]
    assert bench.rows(info, "precos_2024") == [(1, "Ana"), (2, "Bob")]


@pytest.mark.parametrize("title", ["Sheet1", "Planilha1", "Plan2"])
def test_the_only_sheet_without_a_title_of_its_own_is_called_like_the_source(bench, title):
    info = bench.read(workbook(**{title: ROWS}), "loja.xlsx", name="Minha loja")
    assert [table.name for table in info.tables] == ["minha_loja"]


def test_cells_keep_their_types(bench, types):
    row = [1, 2.5, "007", True, date(2024, 1, 5), datetime(2024, 1, 5, 10, 30), time(9, 15), None]
    info = bench.read(workbook(Data=[list("abcdefgh"), row, row]), "x.xlsx")
    assert list(types(info).values()) == [
        "BIGINT", "DECIMAL(18,1)", "VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP", "TIME", "VARCHAR",
    ]  # fmt: skip
    assert bench.rows(info)[0] == (
        1, Decimal("2.5"), "007", True, date(2024, 1, 5), datetime(2024, 1, 5, 10, 30), time(9, 15), None,
    )  # fmt: skip


def test_titles_above_and_totals_below_are_left_out_and_told(bench, notices):
    rows = [["Relatório"], [], ["loja", "dia", "valor"], ["A", "x", 1], ["B", "y", 2], ["Total", None, 3]]
    info = bench.read(workbook(Vendas=rows), "x.xlsx")
    assert bench.rows(info) == [("A", "x", 1), ("B", "y", 2)]
    assert {"titles_left_out", "total_rows"} <= set(notices(info))


def test_merged_headers_are_joined(bench, types):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Loja", "2024", None, "2025", None], [None, "T1", "T2", "T1", "T2"], ["A", 1, 2, 3, 4]):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("D1:E1")
    info = bench.read(saved(book), "x.xlsx")
    assert list(types(info)) == ["Loja", "2024 T1", "2024 T2", "2025 T1", "2025 T2"]


def test_a_table_away_from_the_corner_is_found(bench, types):
    book = openpyxl.Workbook()
    for row, cells in enumerate(ROWS, 4):
        for column, cell in enumerate(cells, 3):
            book.active.cell(row, column, cell)
    info = bench.read(saved(book), "x.xlsx")
    assert list(types(info)) == ["id", "name"]


def test_hidden_sheets_are_left_out_and_told(bench, notices):
    book = openpyxl.load_workbook(io.BytesIO(workbook(Vendas=ROWS, Segredo=ROWS)))
    book["Segredo"].sheet_state = "hidden"
    info = bench.read(saved(book), "x.xlsx")
    assert [table.name for table in info.tables] == ["vendas"]
    assert notices(info)["sheets_hidden"] == [{"table": "", "count": 1, "sheets": "Segredo"}]


def test_open_documents_are_read(bench):
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    texts = [
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in ("id", "name", "Ana")
    ]
    one = '<table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
    rows = f"<table:table-row>{texts[0]}{texts[1]}</table:table-row><table:table-row>{one}{texts[2]}</table:table-row>"
    table = f'<table:table table:name="Pessoas">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", f"<office:document-content {names}>{body}</office:document-content>")
    info = bench.read(out.getvalue(), "x.ods")
    assert [table.name for table in info.tables] == ["pessoas"]
    assert bench.rows(info) == [(1, "Ana")]


def refused(bench, content, name="x.xlsx"):
    with pytest.raises(SourceError) as failure:
        bench.read(content, name)
    return failure.value.code


def test_a_password_is_told(bench):
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512
    assert refused(bench, locked) == "source_password"


def test_a_zip_with_a_password_is_told(bench):
    content = bytearray(workbook(Vendas=ROWS))
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 1)
    assert refused(bench, bytes(content)) == "source_password"


def test_a_cut_workbook_is_told(bench):
    content = workbook(Vendas=ROWS)
    assert refused(bench, content[: len(content) // 2]) == "source_truncated"


def test_an_old_workbook_that_is_none_is_told(bench):
    assert refused(bench, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000, "x.xls") == "source_broken"


def test_a_workbook_without_rows_is_told(bench):
    assert refused(bench, workbook(Vazia=[])) == "source_empty"


def test_a_workbook_that_unpacks_to_far_more_is_refused_before_it_is_opened(bench, monkeypatch):
    monkeypatch.setattr("prosa.sources.reading.archives.MOST_INSIDE", 1 << 20)
    out = io.BytesIO(workbook(Vendas=ROWS))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb", b"\0" * (2 << 20))
    assert refused(bench, out.getvalue()) == "source_expands"
    assert bench.rows(bench.read(workbook(Vendas=ROWS), "ok.xlsx")) == [(1, "Ana"), (2, "Bob")]


def test_a_directory_that_lies_about_sizes_is_not_believed(bench, monkeypatch):
    monkeypatch.setattr("prosa.sources.reading.archives.MOST_INSIDE", 1 << 20)
    out = io.BytesIO(workbook(Vendas=ROWS))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb", b"\0" * (2 << 20))
        archive.getinfo("xl/media/bomb").file_size = 10
    assert refused(bench, out.getvalue()) == "source_expands"
