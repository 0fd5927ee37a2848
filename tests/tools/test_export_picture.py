"""`export_chart` as a picture: the size line, the marker, and signs that the fonts lack."""

import json

import pytest

from prosa.exports.downloads import bound_downloads
from prosa.exports.markers import AgentResponseParser
from prosa.tools import EXPORT_CHART

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


def chart(label):
    return json.dumps({"data": [{"type": "bar", "x": [label], "y": [1]}]})


@pytest.mark.parametrize(("format", "start"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF")])
async def test_a_picture_waits_and_its_marker_leads_to_it(format, start):
    with bound_downloads() as session:
        told = await EXPORT_CHART.call({"chart_json": chart("ação"), "export_format": format}, session)
        _, marker = AgentResponseParser.extract_download_marker(told)
        data, mime = session.get(marker["filename"])
    assert "📏" in told
    assert data.startswith(start)
    assert (marker["mime_type"], marker["file_size"]) == (mime, len(data))
    assert "日" not in told


async def test_signs_that_the_fonts_lack_are_told():
    with bound_downloads() as session:
        told = await EXPORT_CHART.call({"chart_json": chart("日本"), "export_format": "png"}, session)
    assert "日本" in told
