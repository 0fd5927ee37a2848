"""The examples of the wires' pages do what they say: each is run as it stands, against a real server and real data."""

import os
import re
import shutil
import subprocess
import sys

import pytest

TOKEN = "ana-token-0123456789"
ADDRESS = "http://127.0.0.1:8765"
PAGES = ("openai", "ai-sdk", "ag-ui", "mcp")
SAYS = "6,310"


@pytest.fixture(scope="module")
def real(serving, tmp_path_factory, recorder):
    """A server with the staged pipeline over the golden sales."""
    file = tmp_path_factory.mktemp("sales") / "sales.csv"
    file.write_text(recorder.sales(), "utf-8")
    with serving(real=True, sources=[("sales", str(file))]) as server:
        yield server


@pytest.fixture
def example(docs, real):
    """The blocks of one language on a page, joined and pointed at the server."""

    def find(page, language):
        text = (docs / "wires" / f"{page}.md").read_text("utf-8")
        blocks = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        assert blocks, f"docs/wires/{page}.md has no example in {language}"
        return "\n".join(blocks).replace(ADDRESS, real.url)

    return find


def output(command, **options):
    env = {**os.environ, "TOKEN": TOKEN, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, encoding="utf-8", timeout=120, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_the_curl_example(example, page):
    if shutil.which("curl") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs curl")
    assert SAYS in output(["sh", "-c", example(page, "bash")])


@pytest.mark.parametrize("page", PAGES)
def test_the_python_example(example, page):
    assert SAYS in output([sys.executable, "-c", example(page, "python")])


@pytest.mark.parametrize("page", PAGES)
def test_the_javascript_example(example, node, page):
    assert SAYS in node(example(page, "js"), TOKEN=TOKEN)
