"""The examples of the wires' pages do what they say: each is run as it stands, against a real server and real data."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOKEN = "ana-token-0123456789"
ADDRESS = "http://127.0.0.1:8765"
SAYS = {"wires/document": "shift lead"}
SUMS = "6,310"
WIRES = ("pipeline", "chat", "document", "openai", "ai-sdk", "ag-ui", "mcp")
PAGES = ("api", *(f"wires/{name}" for name in WIRES))
POLICY = Path(__file__).parents[3] / "src/prosa/demo/documents/returns-policy.pdf"


@pytest.fixture(scope="module")
def sales(tmp_path_factory, recorder):
    file = tmp_path_factory.mktemp("sales") / "sales.csv"
    file.write_text(recorder.sales(), "utf-8")
    return file


@pytest.fixture(scope="module")
def real(serving, sales):
    """A server with the staged pipeline over the golden sales and a document."""
    with serving(real=True, sources=[("sales", str(sales)), (POLICY.name, str(POLICY))]) as server:
        yield server


@pytest.fixture
def blocks(docs):
    """The blocks of one language on a page."""

    def find(page, language):
        text = (docs / f"{page}.md").read_text("utf-8")
        return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)

    return find


@pytest.fixture
def example(blocks, real):
    """The one example of a page that asks a server, pointed at ours."""

    def find(page, language):
        found = [block for block in blocks(page, language) if ADDRESS in block]
        assert len(found) == 1, f"docs/{page}.md has {len(found)} examples in {language}"
        return found[0].replace(ADDRESS, real.url)

    return find


def output(command, **options):
    env = {**os.environ, "TOKEN": TOKEN, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, encoding="utf-8", timeout=120, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_wire_has_its_page(docs):
    """A page that is added must be looked at below; the list of wires names all of them."""
    assert {*WIRES} == {page.stem for page in (docs / "wires").glob("*.md")} - {"README"}
    listed = (docs / "wires" / "README.md").read_text("utf-8")
    assert all(f"({name}.md)" in listed for name in WIRES)


@pytest.mark.parametrize("page", PAGES)
def test_the_curl_example(example, page):
    if shutil.which("curl") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs curl")
    assert SAYS.get(page, SUMS) in output(["sh", "-c", example(page, "bash")])


@pytest.mark.parametrize("page", PAGES)
def test_the_python_example(example, page):
    assert SAYS.get(page, SUMS) in output([sys.executable, "-c", example(page, "python")])


@pytest.mark.parametrize("page", PAGES)
def test_the_javascript_example(example, node, page):
    assert SAYS.get(page, SUMS) in node(example(page, "js"), TOKEN=TOKEN)


def test_the_pipeline_in_python(blocks, sales):
    (code,) = [block for block in blocks("wires/pipeline", "python") if "PipelineOrchestrator" in block]
    told = output([sys.executable, "-c", code], cwd=sales.parent)
    assert SUMS in told
    assert "Classification" in told
    assert "is in June 2025" in told
    assert "csv\nNumber of sales\n5\n" in told
