"""The page inside somebody else's application, under a prefix and with their sign-in."""

import subprocess
import sys
from urllib.parse import urlsplit

import pytest


@pytest.fixture
def mounted(tmp_path):
    """The address of a Starlette application that mounts us under /tools/data."""
    (tmp_path / "sales.csv").write_text("store,amount\nA,1.5\nB,2.5\n")
    script = tmp_path / "host.py"
    script.write_text(
        f"""
from pathlib import Path
import socket
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
import prosa
from prosa.config import Settings

here = Path({str(tmp_path)!r})
settings = Settings(data_dir=here / "data", cache_dir=here / "cache")
inner = prosa.asgi(str(here / "sales.csv"), principal=lambda request: prosa.Principal("ana"), settings=settings)
listener = socket.create_server(("127.0.0.1", 0))
print(f"http://127.0.0.1:{{listener.getsockname()[1]}}/tools/data/", flush=True)
app = Starlette(routes=[Mount("/tools/data", app=inner)])
uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
"""
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as server:
        yield server.stdout.readline().strip()
        server.terminate()


def test_everything_is_found_under_the_prefix(chromium, watched, mounted, ask):
    context = chromium.new_context(locale="en-US")
    page = context.new_page()
    wrong, asked = watched(page, mounted), []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(mounted)
    page.wait_for_selector(".entry", state="attached")
    turn = ask(page, "SELECT store, sum(amount) AS amount FROM sales GROUP BY store ORDER BY store", "answered")
    page.wait_for_selector(".plot[data-drawn] .main-svg")
    with page.expect_download() as waiting:
        turn.locator(".download").click()
    assert waiting.value.path().read_text("utf-8-sig").splitlines()[1:] == ["A,1.5", "B,2.5"]
    page.reload()
    page.wait_for_selector('.turn[data-status="answered"]')
    context.close()
    assert all(path.startswith("/tools/data/") for path in asked)
    assert wrong == []
