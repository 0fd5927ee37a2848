"""What goes in and comes out: files that are brought, rows that are taken away."""

import csv
import io

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
    assert turn.locator("tbody tr").count() == 50
    assert turn.locator(".count").first.inner_text().startswith("First 50 of ")
    total = int(turn.locator(".result .count").inner_text().split(" of ")[1].split()[0].replace(",", ""))
    download = downloaded(page, turn)
    assert download.suggested_filename.endswith(".csv")
    data = download.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["customer_id", "name", "birthday"]
    assert len(rows) == total + 1
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, total + 1)]
    assert any(row[2] == "" for row in rows)
    shown = turn.locator("tbody tr").nth(7).locator("td").all_inner_texts()
    assert shown[:2] == rows[8][:2]


def test_rows_that_are_gone_say_so_instead_of_a_broken_download(open_page, ask):
    with open_page(expected=["404"]) as page:
        turn = ask(page, "SELECT 1 AS one", "answered")
        gone = {"code": "not_found", "detail": "There is nothing here by that name.", "hint": "Ask again."}
        page.route("**/api/results/**", lambda route: route.fulfill(status=404, json=gone))
        turn.locator(".download").click()
        page.wait_for_selector(".turn .gone")
        assert turn.locator(".gone").inner_text() == "There is nothing here by that name. Ask again."


def test_in_portuguese_the_csv_has_semicolons_and_decimal_commas(open_page, ask):
    with open_page(locale="pt-BR") as page:
        turn = ask(page, "SELECT 1234.5 AS valor, 'ação' AS nome", "answered")
        text = downloaded(page, turn).path().read_text("utf-8-sig")
        assert text.splitlines() == ["valor;nome", "1234,5;ação"]


def test_more_rows_come_at_a_click(page, ask):
    turn = ask(page, "SELECT order_id FROM orders ORDER BY order_id LIMIT 120", "answered")
    assert turn.locator("tbody tr").count() == 50
    turn.locator(".more-rows").click()
    page.wait_for_selector("tbody tr:nth-child(120)")
    assert turn.locator("tbody td").last.inner_text() == "120"
    assert turn.locator(".more-rows").is_hidden()


def test_a_dropped_file_can_be_asked_and_removed(page, ask):
    page.evaluate(DROP, ["vendas.csv", SALES])
    page.wait_for_selector("#note:not([hidden])")
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
        page.wait_for_selector("#trouble:not([hidden])")
        assert page.inner_text("#trouble")
        assert page.locator("#note").is_hidden()


def test_columns_are_listed_under_their_table(page):
    page.click('.entry[data-table="stores"] summary')
    page.wait_for_selector('.entry[data-table="stores"] li')
    assert "opened_on date" in page.locator('.entry[data-table="stores"] li').all_inner_texts()
