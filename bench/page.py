"""How quick and light the page is, in a real Chromium: size, first paint, layout shift, many deltas, a million rows.

    uv run python bench/page.py

Each figure stands beside what is aimed at; the first paint also beside that of an empty page of the same server, and
the long answer beside the same text put into an empty page at once. Needs Chromium.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SPEAKING = ROOT / "tests" / "browser" / "speaking.py"
TOKEN = "token-of-the-browser-tests"
BUNDLE = ROOT / "src" / "prosa" / "server" / "static" / "prosa-chat.js"
MILLION = "SELECT row_number() OVER () AS n, a.n * 1000 + b.n AS m FROM numbers a, numbers b LIMIT 1000000"

WATCH = """() => {
  window.longest = 0; window.shifted = 0;
  new PerformanceObserver((l) => l.getEntries().forEach((e) => (longest = Math.max(longest, e.duration))))
    .observe({ type: "longtask" });
  new PerformanceObserver((l) => l.getEntries().forEach((e) => (e.hadRecentInput ? 0 : (shifted += e.value))))
    .observe({ type: "layout-shift" });
}"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
PLAIN = """(text) => { const start = performance.now(); document.body.textContent = text;
  document.body.offsetHeight; return performance.now() - start; }"""


def main() -> int:
    size = len(gzip.compress(BUNDLE.read_bytes(), 9))
    told("bundle, gzip", size / 1024, "KB", "150")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        print("Chromium is missing: the other figures need it.")
        return 1
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with running(str(SPEAKING), folder) as address:
            paint(browser, address)
            words(browser, address)
        with million(Path(folder)) as address:
            rows(browser, address)
        browser.close()
    return 0


def paint(browser, address) -> None:
    empty = opened(browser, f"{address}docs")  # the first request also starts the server
    empty.wait_for_selector("h1, h2")
    page = opened(browser, address)
    page.wait_for_selector("#examples button, #welcome")
    told("first paint, cold", page.evaluate(PAINT), "ms", "1000")
    told("the same of the API's reference", empty.evaluate(PAINT), "ms", "-")


def words(browser, address) -> None:
    for order in ("burst", "slowly"):
        page = opened(browser, address)
        page.wait_for_selector("#welcome")
        page.evaluate(WATCH)
        ask(page, f"{order} 5000")
        told(f"longest task, 5,000 deltas ({order})", page.evaluate("longest"), "ms", "100")
        text = page.inner_text(".words")
    told(
        "the same text at once in an empty page", opened(browser, f"{address}healthz").evaluate(PLAIN, text), "ms", "-"
    )
    page = opened(browser, address)
    page.wait_for_selector("#welcome")
    page.evaluate(WATCH)
    ask(page, "grow")
    told("layout shift of an answer", page.evaluate("shifted"), "", "0.05")


def rows(browser, address) -> None:
    page = opened(browser, address)
    page.wait_for_selector("#welcome")
    ask(page, MILLION)
    grid = page.locator(".grid")
    for part in range(21):
        grid.evaluate("(e, part) => (e.scrollTop = (e.scrollHeight - e.clientHeight) * part)", part / 20)
        page.wait_for_function(
            "document.querySelector('prosa-chat').shadowRoot.querySelector('tr.pending') === null", timeout=60_000
        )
    page.get_by_role("button", name="m", exact=True).click()
    page.wait_for_selector("th[aria-sort=ascending]")
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable")
    heap = client.send("Runtime.getHeapUsage")
    told("heap of the page, 1,000,000 rows scrolled and sorted", heap["usedSize"] / 2**20, "MB", "300")


def opened(browser, address):
    context = browser.new_context(locale="en-US", extra_http_headers={"Authorization": f"Bearer {TOKEN}"})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(address)
    return page


def ask(page, question) -> None:
    page.fill("#question", question)
    page.keyboard.press("Enter")
    page.wait_for_selector('.turn:not([data-status="running"])')


@contextmanager
def million(folder: Path):
    (folder / "numbers.csv").write_text("n\n" + "\n".join(map(str, range(1000))) + "\n")
    command = ("-m", "prosa", "serve", str(folder / "numbers.csv"), "--port", "0", "--token", TOKEN)
    homes = ("--set", f"data_dir={folder / 'd'}", "--set", f"cache_dir={folder / 'c'}")
    with running(*command, *homes) as address:
        yield address


@contextmanager
def running(*command: str):
    """The address that a server prints."""
    with subprocess.Popen([sys.executable, "-u", *command], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = next(word for line in server.stdout for word in line.split() if word.startswith("http"))
        yield address.partition("?")[0]
        server.terminate()


def told(what: str, value: float, unit: str, aim: str) -> None:
    print(f"{what:55}{value:10.3g} {unit:3} (aim: {aim})")


if __name__ == "__main__":
    raise SystemExit(main())
