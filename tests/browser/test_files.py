"""What goes in and comes out: files that are brought, rows that are taken away."""

import csv
import io

import pytest

DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/csv" }));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    window.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}"""

SALES = "região;valor\nNorte;10,50\nSul;2,25\nNorte;1,50\n"


def downloaded(page, turn):
    with page.expect_download() as waiting:
        turn.locator(".download").click()
    return waiting.value


def test_the_csv_holds_every_row_and_opens_in_a_spreadsheet(page, ask):
    turn = ask(page, "SELECT customer_id, name, birthday FROM customers ORDER BY customer_id", "answered")
    total = int(turn.locator(".result .count").inner_text().split()[0].replace(",", ""))
    assert total > 5000
    download = downloaded(page, turn)
    assert download.suggested_filename.endswith(".csv")
    data = download.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["customer_id", "name", "birthday"]
    assert len(rows) == total + 1
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, total + 1)]
    assert any(row[2] == "" for row in rows)
    shown = turn.locator("tbody tr[aria-rowindex='9'] td").all_inner_texts()
    assert shown[:2] == rows[8][:2]


def test_rows_that_are_gone_say_so_instead_of_a_broken_download(open_page, ask):
    with open_page(expected=["404"]) as page:
        turn = ask(page, "SELECT 1 AS one", "answered")
        gone = {"code": "not_found", "detail": "There is nothing here by that name.", "hint": "Ask again."}
        page.route("**/api/results/**", lambda route: route.fulfill(status=404, json=gone))
        turn.locator(".download").click()
        page.wait_for_selector(".turn .gone")
        assert turn.locator(".gone span").first.inner_text() == "There is nothing here by that name. Ask again."
        page.unroute("**/api/results/**")
        turn.locator(".gone .again").click()
        page.wait_for_selector('.turn:nth-of-type(2)[data-status="answered"]')
        assert page.locator(".turn:nth-of-type(2) tbody td").inner_text() == "1"


def test_a_file_that_has_expired_is_made_again_at_a_click(open_page, ask):
    with open_page(expected=["404"]) as page:
        turn = ask(page, "How many stores are there by city? Export this as Excel", "answered")
        gone = {"code": "file_gone", "detail": "This file has expired. Export it again.", "hint": ""}
        page.route("**/api/files/**", lambda route: route.fulfill(status=404, json=gone))
        turn.locator(".file .download").click()
        turn.locator(".file .gone").wait_for()
        assert turn.locator(".file .gone span").first.inner_text() == "This file has expired. Export it again."
        page.unroute("**/api/files/**")
        turn.locator(".file .again").click()
        page.wait_for_selector('.turn:nth-of-type(2)[data-status="answered"] .file')
        with page.expect_download() as waiting:
            page.locator(".turn:nth-of-type(2) .file .download").click()
        assert waiting.value.suggested_filename.endswith(".xlsx")
        assert waiting.value.path().read_bytes().startswith(b"PK")


def test_in_portuguese_the_csv_has_semicolons_and_decimal_commas(open_page, ask):
    with open_page(locale="pt-BR") as page:
        turn = ask(page, "SELECT 1234.5 AS valor, 'ação' AS nome", "answered")
        text = downloaded(page, turn).path().read_text("utf-8-sig")
        assert text.splitlines() == ["valor;nome", "1234,5;ação"]


def test_rows_come_while_a_person_scrolls(page, ask):
    turn = ask(page, "SELECT order_id FROM orders ORDER BY order_id LIMIT 5000", "answered")
    assert turn.locator("tbody tr[aria-rowindex]").count() < 50
    turn.locator(".grid").evaluate("e => (e.scrollTop = e.scrollHeight)")
    page.wait_for_selector("tbody tr[aria-rowindex='5001']:not(.pending)")
    assert turn.locator("tbody tr[aria-rowindex='5001'] td").inner_text() == "5000"
    turn.locator(".grid").evaluate("e => (e.scrollTop = 0)")
    page.wait_for_selector("tbody tr[aria-rowindex='2']")
    assert turn.locator("tbody tr[aria-rowindex='2'] td").inner_text() == "1"


def test_sorting_and_filtering_look_at_all_rows(page, ask):
    turn = ask(page, "SELECT customer_id, name FROM customers ORDER BY customer_id", "answered")
    first = turn.locator("tbody tr[aria-rowindex='2'] td").first
    button = turn.get_by_role("button", name="customer_id")
    button.click()
    assert turn.locator("th[aria-sort=ascending]").count() == 1
    button.click()
    page.wait_for_function("text => text !== '1'", arg=first.inner_text())
    page.wait_for_selector("tbody tr[aria-rowindex='2'] td:has-text('74')")
    assert turn.locator("th").first.get_attribute("aria-sort") == "descending"
    turn.get_by_label("Filter rows").fill("Silva")
    page.wait_for_selector(".result .count:has-text(' of ')")
    page.wait_for_selector("tbody tr[aria-rowindex='2']:not(.pending)")
    names = turn.locator("tbody tr[aria-rowindex] td:nth-of-type(2)").all_inner_texts()
    assert names
    assert all("silva" in name.lower() for name in names)


def test_cells_are_copied_as_tabbed_text(open_page, ask):
    with open_page(permissions=["clipboard-read", "clipboard-write"]) as page:
        turn = ask(page, "SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, NULL ORDER BY a", "answered")
        turn.locator("tbody td").first.click()
        page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("Shift+ArrowRight")
        assert turn.locator("td.chosen").count() == 4
        page.keyboard.press("Control+c")
        assert page.evaluate("navigator.clipboard.readText()") == "1\tx\n2\t"
        turn.locator(".formats").click()
        turn.get_by_role("menuitem", name="Copy the table").click()
        page.wait_for_selector(".toast")
        assert page.evaluate("navigator.clipboard.readText()").splitlines() == ["a\tb", "1\tx", "2\t"]


def test_a_column_is_made_wider_by_hand_or_by_keyboard(page, ask):
    turn = ask(page, "SELECT * FROM orders ORDER BY order_id LIMIT 5", "answered")
    column = turn.locator("th").first
    before = column.bounding_box()["width"]
    edge = turn.locator(".resizer").first.bounding_box()
    page.mouse.move(edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2)
    page.mouse.down()
    page.mouse.move(edge["x"] + 100, edge["y"] + 5, steps=4)
    page.mouse.up()
    dragged = column.bounding_box()["width"]
    assert dragged - before == pytest.approx(95, abs=10)
    column.locator("button").focus()
    page.keyboard.press("Alt+ArrowLeft")
    assert column.bounding_box()["width"] == pytest.approx(dragged - 16, abs=1)
    assert turn.locator("th[aria-sort]").count() == 0, "a drag is no click"


def test_a_long_text_opens_whole(page, ask):
    turn = ask(page, "SELECT repeat('word ', 200) || 'end' AS text, 1 AS n", "answered")
    turn.locator("tbody td").first.click()
    page.keyboard.press("Enter")
    page.wait_for_selector(".opened pre:has-text('word end')")
    page.keyboard.press("Escape")
    page.locator(".opened").wait_for(state="detached")


def test_a_dropped_file_can_be_asked_and_removed(page, ask):
    page.evaluate(DROP, ["vendas.csv", SALES])
    page.wait_for_selector("#note")
    source = page.locator('.source[data-source="vendas"]')
    source.wait_for()
    assert source.locator("input").is_checked()
    assert page.locator(".source input:checked").count() == 1
    table = source.locator(".table-name").inner_text()
    turn = ask(page, f"SELECT sum(valor) AS total FROM {table}", "answered")
    assert turn.locator("tbody td").inner_text() == "14.25"
    turn = ask(page, "total valor por região", "answered")
    assert sorted(turn.locator("tbody td").all_inner_texts()) == ["12.00", "2.25", "Norte", "Sul"]
    source.get_by_role("button", name="Remove").click()
    source.wait_for(state="detached")


def test_a_chosen_file_is_taken_too(page):
    page.set_input_files("#file", {"name": "frota.csv", "mimeType": "text/csv", "buffer": b"placa,km\nABC1D23,10\n"})
    source = page.locator('.source[data-source="frota"]')
    source.wait_for()
    assert "frota" in page.inner_text("#note")
    source.get_by_role("button", name="Remove").click()
    source.wait_for(state="detached")


def test_a_file_that_is_no_data_is_refused_with_a_reason(open_page):
    with open_page(expected=["422", "415"]) as page:
        page.set_input_files("#file", {"name": "x.csv", "mimeType": "text/csv", "buffer": bytes(range(256)) * 40})
        page.wait_for_selector("#trouble")
        assert page.inner_text("#trouble")
        assert page.locator("#note").count() == 0


def test_columns_are_listed_under_their_table(page):
    page.click('.entry[data-table="stores"] summary')
    page.wait_for_selector('.entry[data-table="stores"] li')
    columns = [text.splitlines() for text in page.locator('.entry[data-table="stores"] li').all_inner_texts()]
    assert ["store_id whole number", "1 – 24"] in columns
    assert "opened_on date" in [column[0] for column in columns]


def test_a_cited_passage_opens_where_it_stands(page, ask):
    turn = ask(page, "How long is the warranty on electric equipment?", "answered")
    turn.locator(".passages summary").first.click()
    cited = turn.locator(".passages blockquote mark").first.inner_text()
    turn.locator(".around").first.click()
    page.wait_for_selector("dialog .around-text mark")
    assert page.inner_text("dialog mark") == cited
    assert len(page.inner_text("dialog .around-text")) > len(cited)


def test_each_document_is_asked_or_left_out(page, ask):
    """What is ticked beside the question box counts, for documents and data alike."""
    question = "How long is the frobnicator warranty?"
    for name, days in (("north.md", 30), ("south.md", 60)):
        text = f"# Frobnicator contract\n\nThe frobnicator warranty is {days} days.\n".encode()
        page.set_input_files("#file", {"name": name, "mimeType": "text/markdown", "buffer": text})
        page.wait_for_selector(f"[data-document='{name}']")
    page.click(".chip")
    documents = page.get_by_role("group", name="Documents to ask")
    documents.get_by_label("All of them").uncheck()
    data = page.get_by_role("group", name="Data to ask").get_by_role("checkbox")
    documents.get_by_label("south.md").check()
    data.uncheck()
    page.keyboard.press("Escape")
    assert page.inner_text(".chip") == "south.md"
    assert page.locator("#welcome #examples").count() == 0
    turn = ask(page, question, "answered")
    assert turn.locator(".passages summary strong").all_inner_texts() == ["south.md"]
    assert "60 days" in turn.locator(".words").inner_text()
    north, south = (page.locator(".source").get_by_role("checkbox", name=name) for name in ("north.md", "south.md"))
    south.click()
    assert south.is_checked(), "somebody has to be asked"
    north.check()
    south.uncheck()
    turn = ask(page, question, "answered")
    assert turn.locator(".passages summary strong").all_inner_texts() == ["north.md"]
    for name in ("north.md", "south.md"):
        page.get_by_role("button", name=f"Remove {name}").click()
        page.locator(f"[data-document='{name}']").wait_for(state="detached")


def test_a_brought_document_is_listed_and_removed(page):
    text = b"# Supply contract\n\nPayment is due within thirty days of the invoice date.\n"
    page.set_input_files("#file", {"name": "supply.md", "mimeType": "text/markdown", "buffer": text})
    page.wait_for_selector("[data-document='supply.md']")
    assert "supply.md is ready" in page.inner_text("#note")
    page.get_by_role("button", name="Remove supply.md").click()
    page.locator("[data-document='supply.md']").wait_for(state="detached")
