"""`export`: all rows of a result become a file that waits for the session, and a marker that leads to it."""

from __future__ import annotations

import msgspec

from prosa import locales
from prosa.errors import LimitError, UsageError
from prosa.exports import formats
from prosa.exports.downloads import PendingDownloads
from prosa.exports.markers import marker
from prosa.tools.base import Tool, at_desk
from prosa.tools.export_chart import size

SLUG = "query_results"
_MB = 1 << 20


class Arguments(msgspec.Struct, frozen=True):
    result_id: str
    format: str = "csv"
    filename: str = ""


async def run(given: Arguments, session: PendingDownloads) -> str:
    """File, rows, size and the marker line. AccessError, UsageError, LimitError, QueryError."""
    if session.desk is None:
        raise UsageError("tool_no_data")
    locale = locales.normalise(session.locale)
    format = formats.find(given.format.strip().lower().removeprefix("."))
    data, rows = await at_desk(session, _written(given.result_id, format.name, session))
    slug = (given.filename or "").strip().removesuffix(f".{format.extension}") or SLUG
    name = session.add(slug, format.extension, format.mime, data, rows=rows)
    lines = [
        locales.text("tools.file", locale, name=name),
        locales.text("tools.rows", locale, rows=locales.number(rows or 0, locale)),
        locales.text("tools.size", locale, size=size(len(data), locale)),
    ]
    return "\n".join([*lines, "", marker(name, format.mime, len(data))])


async def _written(result_id: str, format: str, session: PendingDownloads) -> tuple[bytes, int | None]:
    """A file that would not fit into the store is not written to its end."""
    limit = session.desk.settings.store_file
    export = session.desk.export(session.principal, result_id, format, {})
    data = bytearray()
    async for chunk in export:
        data += chunk
        if len(data) > limit:
            raise LimitError("file_too_large", name=f"{SLUG}.{format}", limit=f"{limit / _MB:g}")
    return bytes(data), export.rows


EXPORT = Tool("export", Arguments, run, asks=True)
