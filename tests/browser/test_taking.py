"""Every download of a result and of a chart, opened by a reader of its own."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import openpyxl
import polars
import pytest

SQL = "SELECT 'São Paulo' AS city, 2 AS n UNION ALL SELECT '=1+1', NULL UNION ALL SELECT 'Oslo', 7 ORDER BY city"
CITIES = ["=1+1", "Oslo", "São Paulo"]


def lines(data):
    return [json.loads(line) for line in data.decode("utf-8-sig").splitlines()]


READERS = {
    "tsv": lambda data: [row["city"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter="\t")],
    "xlsx": lambda data: [
        row[0].value for row in list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].rows)[1:]
    ],
    "json": lambda data: [row["city"] if isinstance(row, dict) else row[0] for row in json.loads(data)["rows"]],
    "ndjson": lambda data: [row["city"] for row in lines(data) if "city" in row],
    "xml": lambda data: [value.text for value in ElementTree.fromstring(data).iter("value") if value.text in CITIES],
    "parquet": lambda data: polars.read_parquet(io.BytesIO(data))["city"].to_list(),
    "arrow": lambda data: polars.read_ipc(io.BytesIO(data))["city"].to_list(),
    "markdown": lambda data: data.decode("utf-8-sig"),
    "html": lambda data: data.decode("utf-8-sig"),
}


@pytest.fixture(scope="module")
def answered(open_page):
    with open_page() as page:
        page.fill("#question", SQL)
        page.keyboard.press("Enter")
        page.wait_for_selector('.turn[data-status="answered"]')
        page.wait_for_selector(".plot[data-drawn] .main-svg")
        yield page


def taken(page, opener, item):
    page.click(opener)
    with page.expect_download() as waiting:
        page.locator(f"[data-item={item}]").click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def test_the_menu_offers_every_format_that_the_server_has(answered):
    offered = answered.evaluate("fetch('api/settings').then((reply) => reply.json())")["formats"]["result"]
    assert {one["name"] for one in offered} - {"csv"} <= {*READERS, *(one["name"] for one in offered)}
    answered.click(".formats")
    items = answered.locator(".take [role=menuitem]").evaluate_all("all => all.map((one) => one.dataset.item)")
    answered.keyboard.press("Escape")
    assert {one["name"] for one in offered if one["name"] != "csv"} <= set(items)
    assert items[0] == "xlsx"


@pytest.mark.parametrize("name", READERS)
def test_a_file_of_every_format_opens_with_every_row(answered, name):
    file, data = taken(answered, ".formats", name)
    assert file.endswith({"markdown": ".md"}.get(name, f".{name}"))
    found = READERS[name](data)
    if isinstance(found, str):
        assert all(city.lstrip("=") in found for city in CITIES)
    else:
        assert sorted(str(city).lstrip("'") for city in found) == sorted(CITIES)


def test_the_csv_is_previewed_without_being_saved(answered):
    answered.click(".formats")
    answered.click("[data-item=preview]")
    answered.wait_for_selector("dialog[open] .csv-preview")
    assert answered.locator("dialog th").all_inner_texts() == ["city", "n"]
    assert answered.inner_text("dialog .count") == "3 rows"
    answered.keyboard.press("Escape")
    answered.wait_for_selector("dialog", state="detached")


def test_a_preview_of_many_rows_says_how_many_there_are(page, ask):
    turn = ask(page, "SELECT order_id, channel FROM orders ORDER BY order_id LIMIT 4321", "answered")
    turn.locator(".formats").click()
    page.click("[data-item=preview]")
    page.wait_for_selector("dialog[open] .csv-preview tbody tr")
    assert page.inner_text("dialog .count") == "first 10 of 4,321"
    assert page.locator("dialog tbody tr").count() == 10
    assert page.inner_text("dialog tbody tr td") == "1"


def test_everything_of_an_answer_comes_in_one_zip(answered):
    file, data = taken(answered, ".turn-tools .menu > button", "answer-zip")
    assert file.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {"answer.md", "query.sql", "data.csv", "chart.html", "about.json"} <= set(archive.namelist())
        rows = list(csv.DictReader(io.StringIO(archive.read("data.csv").decode("utf-8-sig"))))
    assert sorted(row["city"].lstrip("'") for row in rows) == sorted(CITIES)


@pytest.mark.parametrize("name", ["png", "svg", "html", "json", "csv", "xml"])
def test_a_chart_is_taken_away(answered, name):
    file, data = taken(answered, ".chart-tools .menu > button", name)
    assert file.endswith(f".{name}")
    if name == "png":
        assert data.startswith(b"\x89PNG")
        assert len(data) > 5000
    else:
        assert "Oslo" in data.decode("utf-8-sig")


def test_signs_that_a_picture_could_not_show_are_told(open_page, ask):
    with open_page() as page:
        ask(page, "SELECT 'Tokyo 東京' AS city, 1 AS n UNION ALL SELECT 'Oslo', 2", "answered")
        page.wait_for_selector(".plot[data-drawn] .main-svg")
        taken(page, ".chart-tools .menu > button", "png")
        page.locator(".toasts").get_by_text("lack these signs: 東京").wait_for()


def test_a_download_that_breaks_off_says_so(open_page, ask):
    with open_page(expected=["ERR_"]) as page:
        turn = ask(page, "SELECT 1 AS one", "answered")
        page.route("**/export?**", lambda route: route.abort())
        turn.locator(".download").click()
        page.wait_for_selector(".turn .gone")
        assert "try again" in turn.locator(".gone").inner_text()
