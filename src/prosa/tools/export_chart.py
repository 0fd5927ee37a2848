"""`export_chart`: a Plotly figure becomes a file that waits for the session, and a marker that leads to it."""

from __future__ import annotations

import msgspec

from prosa import chart_export, locales
from prosa.chart_export import ChartFile
from prosa.charts.reading import read
from prosa.exports.downloads import PendingDownloads
from prosa.exports.markers import marker
from prosa.tools.base import Tool

SLUG = "chart_export"

_KILO = 1024


class Arguments(msgspec.Struct, frozen=True):
    chart_json: str
    export_format: str
    filename: str | None = None


async def run(given: Arguments, session: PendingDownloads) -> str:
    """Title, file, rows or series or size, and the marker line. FigureError, UsageError, LimitError."""
    format = given.export_format.strip().lower().removeprefix(".")
    figure = read(given.chart_json)
    file = await chart_export.write(figure, format, locale=session.locale)
    slug = _slug(given.filename, file.extension)
    name = session.add(slug, file.extension, file.mime, file.data, rows=file.rows)
    return "\n".join((_told(file, name, format, session.locale), "", marker(name, file.mime, len(file.data))))


def _slug(filename: str | None, extension: str) -> str:
    wanted = (filename or "").strip()
    return (wanted[: -len(extension) - 1] if wanted.lower().endswith(f".{extension}") else wanted) or SLUG


def _told(file: ChartFile, name: str, format: str, locale: str | None) -> str:
    language = locales.normalise(locale)
    lines = [locales.text("tools.exported", language, format=format.upper()), ""]
    lines.append(locales.text("tools.file", language, name=name))
    if file.rows is not None:
        lines.append(locales.text("tools.rows", language, rows=locales.number(file.rows, language)))
    elif file.series is not None:
        lines.append(locales.text("tools.series", language, series=locales.number(file.series, language)))
    else:
        lines.append(locales.text("tools.size", language, size=size(len(file.data), language)))
    if file.missing:
        lines.append(chart_export.told(file.missing, language))
    return "\n".join(lines)


def size(count: int, locale: str) -> str:
    """Bytes as people read them: `4.45 MB`."""
    if count < _KILO:
        return f"{count} B"
    unit, amount = ("KB", count / _KILO) if count < _KILO**2 else ("MB", count / _KILO**2)
    return f"{locales.number(amount, locale, places=2)} {unit}"


EXPORT_CHART = Tool("export_chart", Arguments, run)
