"""A real `prosa demo` in a process of its own, and a real Chromium signed in to it by the one-time link.

Every page is watched: a console error, a script error or a request to another host fails its test.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

LINK = re.compile(r"https?://\S+")
TOKEN = "token-of-the-browser-tests"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium():
    """A running Chromium; without one these tests skip, but not in continuous integration.

    One a module: Playwright keeps an event loop running meanwhile, which async tests of other modules can't share.
    """
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs Chromium (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def link(tmp_path_factory):
    """The one-time link that `prosa demo` prints."""
    home = tmp_path_factory.mktemp("home")
    env = {
        **os.environ,
        "PROSA_DATA_DIR": str(home / "data"),
        "PROSA_CACHE_DIR": str(home / "cache"),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "prosa", "demo", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        said = []
        for line in server.stdout:
            said.append(line)
            if found := LINK.search(line):
                break
        else:
            pytest.fail("prosa demo ended: " + "".join(said))
        yield found[0]
        server.terminate()
        server.stdout.read()


@pytest.fixture(scope="session")
def signed_in(link):
    """The cookies after the link was opened, as a browser keeps them, and where it led."""
    with httpx.Client(follow_redirects=True) as client:
        address = str(client.get(link).raise_for_status().url)
        kept = list(client.cookies.jar)
    near = {"domain": urlsplit(link).hostname, "httpOnly": True}
    cookies = [{"name": one.name, "value": one.value, "path": one.path, **near} for one in kept]
    return {"cookies": cookies, "origins": []}, address


@pytest.fixture(scope="module")
def open_page(chromium, signed_in):
    """Opens the page with context options; `expected` are console errors that the test is about."""
    state, home = signed_in

    @contextmanager
    def opened(expected=(), address=home, **options):
        context = chromium.new_context(storage_state=state, **{"locale": "en-US", **options})
        context.set_default_timeout(20_000)
        page = context.new_page()
        wrong = watch(page, address, expected)
        page.goto(address)
        page.wait_for_selector("#examples button", state="attached")
        page.wait_for_selector(".entry", state="attached")
        yield page
        context.close()
        assert wrong == []

    return opened


@pytest.fixture(scope="module")
def module_page(open_page):
    """One page for a module whose tests only call the page's modules."""
    with open_page() as page:
        yield page


@pytest.fixture
def page(open_page):
    """The page in English, on a wide screen."""
    with open_page() as page:
        yield page


def watch(page, address, expected=()):
    """A list that fills with what must not happen."""
    wrong = []
    own = urlsplit(address).netloc

    def console(message):
        if message.type == "error" and not any(words in message.text for words in expected):
            wrong.append(message.text)

    def request(request):
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and url.netloc != own:
            wrong.append(f"foreign request: {request.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", request)
    return wrong


@contextmanager
def speaking_server(folder, *origins):
    """The address of a server that says what it is asked to (speaking.py)."""
    command = [sys.executable, str(Path(__file__).with_name("speaking.py")), str(folder), *origins]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.fixture(scope="session")
def speaking(tmp_path_factory):
    """The address of a server that says what it is asked to."""
    with speaking_server(tmp_path_factory.mktemp("speaking")) as address:
        yield address


@pytest.fixture(scope="session")
def speaking_to(tmp_path_factory):
    """`with speaking_to(origin) as address`: the same, for pages of another origin."""
    return lambda origin: speaking_server(tmp_path_factory.mktemp("speaking"), origin)


@pytest.fixture
def obedient(chromium, speaking):
    """A page of that server."""
    context = chromium.new_context(locale="en-US", extra_http_headers={"Authorization": f"Bearer {TOKEN}"})
    page = context.new_page()
    wrong = watch(page, speaking)
    page.goto(speaking)
    page.wait_for_selector(".entry", state="attached")
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def watched():
    """Watches a page that a test opens by itself, and gives the list of what must not happen."""
    return watch


@pytest.fixture
def ask():
    """Asks a question, waits for a status (or anything but running) and gives the turn."""

    def asked(page, question, status=None):
        place = page.locator(".turn").count()
        page.fill("#question", question)
        page.keyboard.press("Enter")
        turn = page.locator(".turn").nth(place)
        wanted = f'[data-status="{status}"]' if status else ':not([data-status="running"])'
        page.wait_for_selector(f".turn:nth-of-type({place + 1}){wanted}")
        return turn

    return asked


class Line:
    """A TCP line to the server that can be cut and mended."""

    def __init__(self, port):
        self._far = ("127.0.0.1", port)
        self._open = []
        self._whole = True
        self._near = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._near.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        self._whole = False
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self):
        self._whole = True

    def close(self):
        self.cut()
        for end in (*self._open, self._near):
            end.close()

    def _accept(self):
        with suppress(OSError):
            while True:
                near, _ = self._near.accept()
                if self._whole:
                    self._join(near, socket.create_connection(self._far))
                else:
                    near.close()

    def _join(self, near, far):
        self._open += [near, far]
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=pump, args=(source, sink), daemon=True).start()


def pump(source, sink):
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def line(signed_in):
    """A line to the server that can be cut; its `address` shows the same page."""
    line = Line(urlsplit(signed_in[1]).port)
    yield line
    line.close()
