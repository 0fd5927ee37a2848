"""The Streamlit page in a real browser: whatever is clicked in the middle of an answer, none of it is lost or doubled.

The naive page, under the same clicks, loses its answer, so that these tests are known to bite.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError

pytest.importorskip("streamlit", reason="needs the extra streamlit")

WORDS = [f"word{number}" for number in range(60)]
CLICKS = 30

INPUT = '[data-testid="stChatInput"] textarea'
LOCKED = "⏳ Response is streaming... please wait"
FREE = "Ask the documents…"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("streamlit")


@pytest.fixture(scope="module")
def host_app(folder):
    """The address of the host application."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    script = Path(__file__).with_name("streamlit_page.py")
    options = {
        "server.port": port, "server.address": "127.0.0.1", "server.headless": "true",
        "server.fileWatcherType": "none", "browser.gatherUsageStats": "false",
    }  # fmt: skip
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += [word for name, value in options.items() for word in (f"--{name}", str(value))]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PROSA_")}
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen([*command, "--", str(folder)], env=env, stdout=log, stderr=log) as server,
    ):
        address = f"http://127.0.0.1:{port}/"
        _wait_for(server, address + "_stcore/health", folder / "log")
        yield address
        (folder / "over").touch()
        server.terminate()


def _wait_for(server, address, log):
    while server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2)
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(log.read_text())


@pytest.fixture
def visit(chromium, host_app, watched):
    """Opens the host application in a browser of its own."""

    @contextmanager
    def visited(query="", **options):
        context = chromium.new_context(**{"locale": "en-US", **options})
        context.set_default_timeout(90_000)
        page = context.new_page()
        wrong = watched(page, host_app)
        page.goto(host_app + query)
        page.wait_for_selector(INPUT)
        yield page
        context.close()
        assert wrong == []

    return visited


@pytest.fixture
def page(visit):
    with visit() as page:
        yield page


@pytest.fixture
def release(folder):
    """Lets the answer of a name come to its end."""
    return lambda name: (folder / name).touch()


def ask(page, question):
    page.fill(INPUT, question)
    page.keyboard.press("Enter")


def wait_for_words(page, words):
    page.wait_for_function(
        "words => [...document.querySelectorAll('[data-testid=stChatMessage]')].some(m => m.innerText.includes(words))",
        arg=words,
    )


def click_elsewhere(page, times=CLICKS):
    """Clicks a button that has nothing to do with the chat; each click is a rerun of the script that is waited for."""
    button = page.get_by_role("button", name="Elsewhere")
    for _ in range(times):
        before = page.locator("text=/^run \\d+$/").inner_text()
        while page.get_by_text(before, exact=True).count():
            button.click()
            with suppress(TimeoutError):  # a click may meet the moment in which its button is drawn anew
                page.get_by_text(before, exact=True).wait_for(state="detached", timeout=10_000)


def free(page):
    page.wait_for_selector(f'{INPUT}[placeholder="{FREE}"]:not([disabled])')


def locked(page):
    page.wait_for_selector(f'{INPUT}[placeholder="{LOCKED}"][disabled]')


def messages(page):
    return page.locator('[data-testid="stChatMessage"]').all_inner_texts()


def answers(page):
    """The texts of the answers, without stages and time."""
    found = []
    for message in page.locator('[data-testid="stChatMessage"]').all()[1::2]:
        found.append(message.locator('[data-testid="stMarkdownContainer"]').all_inner_texts())
    return ["\n".join(texts) for texts in found]


def whole(text):
    return [word for word in text.split() if word.startswith("word")] == WORDS


def test_thirty_clicks_elsewhere_lose_nothing_and_the_naive_page_loses_its_answer(visit, release):
    with visit() as page:
        ask(page, "clicks long")
        wait_for_words(page, "word58")
        locked(page)
        click_elsewhere(page)
        wait_for_words(page, "word58")
        locked(page)
        release("clicks")
        wait_for_words(page, "word59")
        free(page)
        assert len(messages(page)) == 2
        assert whole(answers(page)[0])
        assert "▌" not in answers(page)[0]
    with visit("?naive=1") as page:
        ask(page, "naive long")
        wait_for_words(page, "word58")
        click_elsewhere(page)
        release("naive")
        click_elsewhere(page, 1)
        assert not any("word59" in message for message in messages(page))
        assert len(messages(page)) == 1


def test_the_question_is_there_before_anything_streams_and_the_cursor_behind_what_does(page, release):
    ask(page, "cursor long")
    wait_for_words(page, "word58")
    assert "cursor long" in messages(page)[0]
    assert "word58 ▌" in answers(page)[0]
    release("cursor")
    free(page)


def test_another_document_is_free_meanwhile_and_the_first_goes_on(page, release):
    ask(page, "switch long")
    wait_for_words(page, "word58")
    page.get_by_text("The second").click()
    free(page)
    page.wait_for_function("document.querySelectorAll('[data-testid=stChatMessage]').length === 0")
    ask(page, "hello")
    wait_for_words(page, "Echo of hello about beta")
    free(page)
    page.get_by_text("The first").click()
    wait_for_words(page, "word58")
    locked(page)
    page.get_by_text("The second").click()
    wait_for_words(page, "Echo of hello about beta")
    release("switch")
    page.get_by_text("The first").click()
    wait_for_words(page, "word59")
    free(page)
    assert len(messages(page)) == 2
    assert whole(answers(page)[0])


def test_a_reload_in_the_middle_loses_and_doubles_nothing(page, release):
    ask(page, "reload long")
    wait_for_words(page, "word58")
    for _ in range(3):
        page.reload()
        wait_for_words(page, "word58")
        locked(page)
    assert len(messages(page)) == 2
    release("reload")
    wait_for_words(page, "word59")
    free(page)
    assert len(messages(page)) == 2
    assert whole(answers(page)[0])
    page.reload()
    wait_for_words(page, "word59")
    assert len(messages(page)) == 2


def test_an_answer_that_ends_while_nobody_looks_is_there_afterwards(page, release):
    ask(page, "away long")
    wait_for_words(page, "word58")
    address = page.url
    page.goto("about:blank")
    release("away")
    page.goto(address)
    wait_for_words(page, "word59")
    free(page)
    assert whole(answers(page)[0])


def test_two_sessions_do_not_see_each_other(visit, release):
    with visit() as one, visit() as other:
        ask(one, "mine long")
        wait_for_words(one, "word58")
        assert messages(other) == []
        ask(other, "yours")
        wait_for_words(other, "Echo of yours about alpha")
        free(other)
        locked(one)
        release("mine")
        wait_for_words(one, "word59")
        assert one.url != other.url
        assert not any("yours" in message for message in messages(one))
        assert not any("word" in message for message in messages(other))


def test_an_address_is_no_key_where_the_host_knows_its_users(visit):
    with visit("?user=ana") as ana:
        ask(ana, "private")
        wait_for_words(ana, "Echo of private")
        address = ana.url.partition("?")[2]
        with visit("?" + address.replace("user=ana", "user=bia")) as bia:
            assert messages(bia) == []
            assert bia.url.partition("chat=")[2] != ana.url.partition("chat=")[2]
        with visit("?" + address) as again:
            wait_for_words(again, "Echo of private")


def test_stop_keeps_the_words_that_came(page):
    ask(page, "stopped long")
    wait_for_words(page, "word58")
    page.get_by_role("button", name="Stop").click()
    free(page)
    assert "word58" in answers(page)[0]
    assert "word59" not in answers(page)[0]
    assert "Stopped." in answers(page)[0]
    ask(page, "next")
    wait_for_words(page, "Echo of next")
    free(page)
    assert len(messages(page)) == 4


def test_an_error_in_the_middle_is_said_in_its_place_and_unlocks(page, release):
    ask(page, "broken fail")
    wait_for_words(page, "word58")
    release("broken")
    wait_for_words(page, "❌ Error generating response")
    free(page)
    text = answers(page)[0]
    assert "word58" in text
    assert "the line broke" in text
    assert "Traceback" not in text
    assert len(messages(page)) == 2
    ask(page, "after")
    wait_for_words(page, "Echo of after")


def test_a_marker_in_an_agents_text_becomes_a_button_that_works_once(page):
    ask(page, "tool file")
    wait_for_words(page, "Here it is.")
    free(page)
    assert "DOWNLOAD_FILE" not in messages(page)[1]
    button = page.get_by_role("button", name="📥 Download report_")
    with page.expect_download() as waiting:
        button.click()
    assert waiting.value.suggested_filename.startswith("report_")
    assert waiting.value.path().read_bytes() == b"a,b\r\n1,2\r\n"
    click_elsewhere(page, 1)
    wait_for_words(page, "This file has expired. Export it again.")
    assert button.count() == 0


def test_the_chat_is_exported_and_cleared(page):
    ask(page, "keep")
    wait_for_words(page, "Echo of keep")
    free(page)
    page.get_by_text("Export Chat").click()
    with page.expect_download() as waiting:
        page.locator(".st-key-export_alpha_txt button").click()
    assert waiting.value.path().read_text() == "USER: keep\n\nASSISTANT: Echo of keep about alpha\n\n"
    page.keyboard.press("Escape")
    page.locator(".st-key-clear_alpha button").click()
    page.wait_for_function("document.querySelectorAll('[data-testid=stChatMessage]').length === 0")
    page.reload()
    page.wait_for_selector(INPUT)
    free(page)
    assert messages(page) == []
