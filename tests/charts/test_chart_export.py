"""A chart as a file, in every format: exact to the byte, counted, and what is no chart refused."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from prosa import chart_export
from prosa.charts import html
from prosa.errors import FigureError, UsageError
from prosa.results import Provenance

pytestmark = pytest.mark.anyio

GOLDEN = Path(__file__).parent.parent / "golden" / "charts"
FIGURE = {
    "data": [
        {"type": "bar", "name": "Loja <1>", "x": ["2026-01-01", "2026-02-01"], "y": [1.5, None]},
        {"type": "bar", "name": "=1+1", "x": ["2026-01-01", "2026-02-01"], "y": [-2, 7]},
    ],
    "layout": {"title": {"text": "Vendas & cia"}},
}
ORIGIN = Provenance("Quanto vendemos?", "SELECT 1 < 2", "vendas", "r", "2026-11-28T10:00:00+00:00", 4)
TABLES = ("csv", "tsv", "xml", "ndjson", "markdown", "xlsx", "parquet", "arrow")


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@pytest.mark.parametrize("format", ["html", "json", "csv", "tsv", "xml", "ndjson", "markdown"])
async def test_bytes(format):
    file = await chart_export.write(FIGURE, format, locale="pt-BR", origin=ORIGIN)
    # plotly.js is the package's own and changes with it.
    assert file.data.replace(html.packed("basic"), b"") == (GOLDEN / f"bars.{file.extension}").read_bytes()


async def test_rows_and_series_are_counted():
    assert (await chart_export.write(FIGURE, "csv")).rows == 4
    assert (await chart_export.write(FIGURE, "xml")).series == 2


async def test_a_batch_names_each_file_and_tells_of_them():
    made = await chart_export.batch([FIGURE, FIGURE, {"data": [{"y": [1]}]}], ["csv", "html"], locale="en")
    archive = zipfile.ZipFile(BytesIO(made.data))
    assert archive.testzip() is None
    told = json.loads(archive.read("about.json"))["charts"]
    names = [file["name"] for file in told]
    assert sorted([*names, "about.json"]) == sorted(archive.namelist())
    assert len(set(names)) == 6
    assert all(file["size"] == len(archive.read(file["name"])) for file in told)


async def test_a_batch_names_the_signs_that_fonts_lack():
    chart = {"data": [{"type": "bar", "x": ["日"], "y": [1]}], "layout": {"title": {"text": "本"}}}
    made = await chart_export.batch([FIGURE, chart], ["png", "csv"])
    assert set(made.missing) == {"日", "本"}
    told = json.loads(zipfile.ZipFile(BytesIO(made.data)).read("about.json"))["charts"]
    assert [set(file.get("missing_signs", "")) for file in told] == [set(), set(), {"日", "本"}, set()]


@pytest.mark.parametrize(
    ("figure", "format", "error"),
    [
        ("not json", "csv", FigureError),
        ({"layout": {}}, "html", FigureError),
        ({"data": []}, "xml", FigureError),
        (FIGURE, "docx", UsageError),
        (FIGURE, "../csv", UsageError),
        (FIGURE, "", UsageError),
    ],
)
async def test_what_can_not_be_written_is_refused(figure, format, error):
    with pytest.raises(error):
        await chart_export.write(figure, format)


@pytest.mark.parametrize("format", [*TABLES, "html", "json"])
async def test_no_point_and_one_are_files_as_well(format):
    for values in ([], [1]):
        file = await chart_export.write({"data": [{"type": "bar", "x": values, "y": values}]}, format)
        assert file.data or format == "ndjson"
        assert file.rows in (None, len(values))
