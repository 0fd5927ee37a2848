"""What results link to, by `prosa://` addresses: files of the store and charts of runs, each only to its owner."""

from __future__ import annotations

import base64
import re

import mcp_types as types
import msgspec

from prosa.app import Desk
from prosa.errors import AccessError, LimitError
from prosa.exports.store import StoredFile
from prosa.identity import Principal
from prosa.server.wires.mcp import CHARTS, FIGURE, FILES

TEMPLATES = [
    types.ResourceTemplate(name="file", uri_template=FILES, description="A file that a tool has made."),
    types.ResourceTemplate(name="chart", uri_template=CHARTS, mime_type=FIGURE, description="A chart as Plotly JSON."),
]

MOST_BYTES = 32 << 20
"""A message holds a resource whole, and base64 makes it a third longer."""

_FILE = re.compile(r"prosa://files/([\w-]+)")
_CHART = re.compile(r"prosa://runs/([\w-]+)/charts/([\w-]+)")

Contents = types.TextResourceContents | types.BlobResourceContents


async def read(desk: Desk, principal: Principal, uri: str) -> Contents:
    """The contents under an address. AccessError, also for what belongs to somebody else; LimitError for a file that no
    message can carry; what writing a file raises."""
    file, chart = _FILE.fullmatch(uri), _CHART.fullmatch(uri)
    if file:
        stored = desk.results.get_file(principal, file[1])
        return _contents(uri, stored.mime, await _data(stored))
    if chart:
        answer = (await desk.runs.find(principal, chart[1])).answer
        found = next((drawn for drawn in answer.charts if drawn.chart_id == chart[2]), None)
        if found is not None:
            return _contents(uri, FIGURE, msgspec.json.encode(found.figure))
    raise AccessError("not_found")


async def _data(file: StoredFile) -> bytes:
    """The file's bytes, written now where it is not held."""
    if file.write is None:
        data = file.data
    else:
        writing, gathered = file.write(), bytearray()
        try:
            async for chunk in writing:
                gathered += chunk
                if len(gathered) > MOST_BYTES:
                    break
        finally:
            await writing.aclose()
        data = bytes(gathered)
    if len(data) > MOST_BYTES:
        raise LimitError("file_too_large", name=file.name, limit=MOST_BYTES >> 20)
    return data


def _contents(uri: str, mime: str, data: bytes) -> Contents:
    """Text as text, so that a model can read it; all else in base64."""
    if mime.startswith("text/") or mime in ("application/json", "application/x-ndjson", "application/xml", FIGURE):
        return types.TextResourceContents(uri=uri, mime_type=mime, text=data.decode("utf-8", "replace"))
    return types.BlobResourceContents(uri=uri, mime_type=mime, blob=base64.b64encode(data).decode("ascii"))
