"""`prosa streamlit` over a file of one's own, in a real browser: pages, downloads that are opened, uploads, history."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from urllib.parse import urlsplit

import openpyxl
import pyarrow.parquet
import pytest

pytest.importorskip("streamlit", reason="needs the extra streamlit")

INPUT = '[data-testid="stChatInput"] textarea'
MESSAGES = "[data-testid=stChatMessage]"
SETTLED = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"


HANDBOOK = b"""Staff handbook

Working hours

Baristas work 36 hours a week. Breaks of 20 minutes are paid.

Holidays

Everybody has 28 days of paid holiday a year, taken in agreement with the store.
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The link that `prosa streamlit` prints."""
    home = tmp_path_factory.mktemp("home")
    rows = [f"{['São Paulo', 'Recife', 'Olinda'][n % 3]},{n}.25,2025-{n % 12 + 1:02}-05" for n in range(120)]
    (home / "sales.csv").write_text("\n".join(["store,amount,day", *rows]), "utf-8")
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PROSA_")},
        "PROSA_DATA_DIR": str(home / "data"), "PROSA_CACHE_DIR": str(home / "cache"), "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "prosa", "streamlit", str(home / "sales.csv"), "--port", "0", "--no-browser"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        said = []
        for line in server.stdout:
            said.append(line)
            if found := re.search(r"http\S+token=\S+", line):
                break
        else:
            pytest.fail("prosa streamlit ended: " + "".join(said))
        yield found[0]
        server.terminate()
        server.stdout.read()


@pytest.fixture(scope="module")
def page(chromium, app):
    """Signed in by the link."""
    context = chromium.new_context(locale="en-US")
    context.set_default_timeout(90_000)
    page = context.new_page()
    page.goto(app)
    page.wait_for_selector(INPUT)
    yield page
    context.close()


@pytest.fixture
def answered(page):
    """Asks, and waits for the whole answer."""

    def ask(question):
        before = page.locator(MESSAGES).count()
        page.fill(INPUT, question)
        page.keyboard.press("Enter")
        page.wait_for_function(f"document.querySelectorAll('{MESSAGES}').length >= {before + 2}")
        page.wait_for_selector(f"{INPUT}:not([disabled])")
        return page.locator(MESSAGES).last

    return ask


def go(page, name):
    """Opens one of the pages and waits until it is whole: what is typed or brought before that can get lost."""
    place = "" if name == "Data" else name.lower()

    def there(url):
        return urlsplit(url).path.strip("/") == place

    if not there(page.url):
        page.get_by_role("link", name=name).click()
        page.wait_for_url(there)
    page.wait_for_function(SETTLED)


def downloaded(page, button):
    with page.expect_download() as waiting:
        button.click()
    return waiting.value


def test_without_the_link_nothing_is_shown(chromium, app):
    context = chromium.new_context(locale="pt-BR")
    context.set_default_timeout(90_000)
    page = context.new_page()
    page.goto(app.partition("?")[0])
    page.get_by_text("Abra o link").wait_for()
    assert page.locator(INPUT).count() == 0
    page.goto(f"{app[:-4]}oops")
    page.get_by_text("Abra o link").wait_for()
    assert page.locator(INPUT).count() == 0
    context.close()


def test_no_page_asks_another_host(chromium, app, page):
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    for name in ("Documents", "Sources", "History", "Data"):
        go(page, name)
    page.reload()
    page.wait_for_selector(INPUT)
    assert hosts == {urlsplit(app).netloc}


def test_the_token_leaves_the_address(page):
    assert "token" not in page.url
    assert "chat=" in page.url


def test_an_answer_has_stages_words_sql_table_chart_and_time(page, answered):
    answer = answered("total amount by store")
    for words in ("✅ Plan ready (", "Read as:", "São Paulo", "3 rows"):
        answer.get_by_text(words).first.wait_for()
    answer.locator(".js-plotly-plot .main-svg").first.wait_for()
    answer.get_by_text("SQL").click()
    answer.get_by_text("SELECT").first.wait_for()
    assert re.search(r"\d\d:\d\d\s*$", answer.inner_text())


def test_every_format_of_the_table_is_made_when_it_is_clicked_and_opens(page, answered):
    answer = answered("SELECT store, amount FROM sales ORDER BY amount")
    data = downloaded(page, answer.get_by_role("button", name="Download CSV")).path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert (rows[0], len(rows)) == (["store", "amount"], 121)
    answer.get_by_text("Table as").click()
    menu = page.locator('[data-testid="stPopoverBody"]')
    workbook = downloaded(page, menu.get_by_role("button", name="XLSX", exact=True))
    assert workbook.suggested_filename.endswith(".xlsx")
    assert openpyxl.load_workbook(io.BytesIO(workbook.path().read_bytes())).worksheets[0].max_row == 121
    parquet = downloaded(page, menu.get_by_role("button", name="PARQUET", exact=True)).path()
    assert pyarrow.parquet.read_table(parquet).num_rows == 120
    lines = downloaded(page, menu.get_by_role("button", name="NDJSON", exact=True)).path().read_text("utf-8")
    assert len(lines.splitlines()) == 120
    for format in ("TSV", "JSON", "XML", "ARROW", "MARKDOWN", "HTML"):
        assert downloaded(page, menu.get_by_role("button", name=format, exact=True)).path().stat().st_size > 100
    page.keyboard.press("Escape")


def test_the_chart_is_a_file_as_well(page, answered):
    answer = answered("total amount by store")
    answer.get_by_text("Chart as").click()
    menu = page.locator('[data-testid="stPopoverBody"]')
    html = downloaded(page, menu.get_by_role("button", name="HTML", exact=True)).path().read_text("utf-8")
    assert "<script" in html
    figure = json.loads(downloaded(page, menu.get_by_role("button", name="JSON", exact=True)).path().read_bytes())
    assert figure["data"]
    page.keyboard.press("Escape")
    answer.locator(".js-plotly-plot").hover()
    picture = downloaded(page, answer.locator('[data-title*="Download plot"]'))
    assert picture.path().read_bytes().startswith(b"\x89PNG")


def test_a_file_that_is_brought_can_be_asked_and_taken_away(page, answered):
    go(page, "Sources")
    page.set_input_files(
        'input[type="file"]', {"name": "frota.csv", "mimeType": "text/csv", "buffer": b"placa,km\nX,10\n"}
    )
    page.get_by_text("frota is ready.").wait_for()
    page.get_by_role("heading", name="frota").wait_for()
    go(page, "Data")
    page.wait_for_selector(f"{INPUT}:not([disabled])")
    answered("SELECT km FROM frota").get_by_text("10").first.wait_for()
    go(page, "Sources")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("heading", name="frota").wait_for(state="detached")


def test_a_file_that_is_no_data_is_refused_with_a_reason(page):
    go(page, "Sources")
    page.set_input_files(
        'input[type="file"]', {"name": "x.csv", "mimeType": "text/csv", "buffer": bytes(range(256)) * 40}
    )
    page.locator('[data-testid="stAlert"]').wait_for()
    assert page.get_by_role("heading", name="x", exact=True).count() == 0


def test_everything_of_an_answer_comes_in_one_zip(page, answered):
    go(page, "Data")
    page.wait_for_selector(f"{INPUT}:not([disabled])")
    answer = answered("total amount by store")
    bundle = downloaded(page, answer.get_by_role("button", name="Everything (zip)"))
    with zipfile.ZipFile(bundle.path()) as archive:
        assert {"answer.md", "query.sql", "data.csv", "about.json"} <= set(archive.namelist())


def test_a_document_that_is_brought_is_quoted_with_its_passage(page, answered):
    go(page, "Documents")
    page.get_by_role("heading", name="Documents").wait_for()
    page.set_input_files('input[type="file"]', {"name": "handbook.txt", "mimeType": "text/plain", "buffer": HANDBOOK})
    page.get_by_text("handbook.txt is ready.").wait_for()
    page.locator('[data-testid="stRadio"]').get_by_text("handbook.txt").click()
    page.locator('[class*="st-key-remove_"]').wait_for()
    answer = answered("How many days of paid holiday does everybody have?")
    answer.get_by_text("28 days of paid holiday").first.wait_for()
    answer.get_by_text("Passages").click()
    answer.locator('[data-testid="stExpander"]').get_by_text("28 days of paid holiday").wait_for()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("There are no documents yet.").wait_for()


def find_in_history(page, words):
    """The one conversation with these words. A list that is still being drawn may have one entry as well."""
    go(page, "History")
    search = page.get_by_role("textbox", name="Search")
    search.wait_for()
    search.fill(words)
    page.keyboard.press("Enter")
    page.wait_for_function(f"{SETTLED} && document.querySelectorAll('[class*=st-key-open_]').length === 1")


def test_the_history_is_searched_opened_and_deleted(page, answered):
    go(page, "Data")
    page.locator(".st-key-clear_data button").click()
    page.wait_for_function(f"document.querySelectorAll('{MESSAGES}').length === 0")
    answered("SELECT 40 + 2 AS answer")
    find_in_history(page, "40 + 2")
    page.get_by_role("button", name="Open").click()
    page.wait_for_selector(INPUT)
    page.get_by_text("SELECT 40 + 2 AS answer").first.wait_for()
    find_in_history(page, "40 + 2")
    page.get_by_role("button", name="Delete").click()
    page.get_by_text("No conversation has these words.").wait_for()


def test_the_language_is_chosen_at_the_left(page):
    go(page, "Data")
    page.get_by_text("PT", exact=True).click()
    page.get_by_role("heading", name="Pergunte aos seus dados").wait_for()
    page.get_by_text("EN", exact=True).click()
    page.get_by_role("heading", name="Ask your data").wait_for()
