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
import time
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
STEPS = 20
SCROLL = "(e, part) => (e.scrollTop = (e.scrollHeight - e.clientHeight) * part)"
THERE = """() => { const grid = document.querySelector("prosa-chat").shadowRoot.querySelector(".grid");
  const seen = grid.getBoundingClientRect(), middle = (seen.top + seen.bottom) / 2;
  const rows = [...grid.querySelectorAll("tbody tr[aria-rowindex]")].map((row) => row.getBoundingClientRect());
  return !grid.querySelector("tr.pending") && rows.some((row) => row.top <= middle && middle <= row.bottom); }"""
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
    with opened(browser, f"{address}docs") as empty:  # the first request also starts the server
        empty.wait_for_selector("h1, h2")
        theirs = empty.evaluate(PAINT)
    with opened(browser, address) as page:
        page.wait_for_selector("#examples button, #welcome")
        told("first paint, cold", page.evaluate(PAINT), "ms", "1000")
    told("the same of the API's reference", theirs, "ms", "-")


def words(browser, address) -> None:
    for order in ("burst", "slowly"):
        with opened(browser, address) as page:
            page.wait_for_selector("#welcome")
            page.evaluate(WATCH)
            ask(page, f"{order} 5000")
            told(f"longest task, 5,000 deltas ({order})", page.evaluate("longest"), "ms", "100")
            text = page.inner_text(".words")
    with opened(browser, f"{address}healthz") as plain:
        told("the same text at once in an empty page", plain.evaluate(PLAIN, text), "ms", "-")
    with opened(browser, address) as page:
        page.wait_for_selector("#welcome")
        page.evaluate(WATCH)
        ask(page, "grow")
        told("layout shift of an answer", page.evaluate("shifted"), "", "0.05")


def rows(browser, address) -> None:
    with opened(browser, address) as page:
        page.wait_for_selector("#welcome")
        empty = private_bytes(browser)
        ask(page, MILLION)
        begun = time.perf_counter()
        for part in range(STEPS + 1):
            page.locator(".grid").evaluate(SCROLL, part / STEPS)
            page.wait_for_function(THERE, timeout=60_000)
        told("1,000,000 rows, a jump of a twentieth", (time.perf_counter() - begun) / STEPS * 1000, "ms", "-")
        begun = time.perf_counter()
        page.locator(".grid th button").last.click()
        page.wait_for_function(THERE, timeout=60_000)
        told("1,000,000 rows, sorted", (time.perf_counter() - begun) * 1000, "ms", "-")
        client = page.context.new_cdp_session(page)
        heap = client.send("Runtime.getHeapUsage")["usedSize"]
        told("heap of the page, 1,000,000 rows scrolled and sorted", heap / 2**20, "MB", "-")
        told("memory of its process", private_bytes(browser) / 2**20, "MB", "300")
        told("memory of its process before", empty / 2**20, "MB", "-")


def private_bytes(browser) -> int:
    """What the largest page's process has for itself alone; 0 where the system does not tell."""
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    sizes = [0]
    for one in found:
        facts = Path(f"/proc/{one['id']}/smaps_rollup")
        if one["type"] == "renderer" and facts.exists():
            lines = [line.split() for line in facts.read_text().splitlines() if line.startswith("Private_")]
            sizes.append(sum(int(line[1]) for line in lines) * 1024)
    return max(sizes)


@contextmanager
def opened(browser, address):
    context = browser.new_context(locale="en-US", extra_http_headers={"Authorization": f"Bearer {TOKEN}"})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(address)
    yield page
    context.close()


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
        try:
            assert server.stdout is not None
            address = next(word for line in server.stdout for word in line.split() if word.startswith("http"))
            yield address.partition("?")[0]
        finally:
            server.terminate()


def told(what: str, value: float, unit: str, aim: str) -> None:
    print(f"{what:55}{value:10.3g} {unit:3} (aim: {aim})", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
