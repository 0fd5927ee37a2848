"""A chart as a file: a picture, an offline page, its Plotly JSON, or the data behind it in any table format."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Container, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from prosa import locales
from prosa.charts import figures, html, xml
from prosa.charts.images import pictures
from prosa.charts.reading import Figure, read
from prosa.errors import UsageError
from prosa.exports import formats, provenance
from prosa.exports.names import slugged
from prosa.exports.options import Options, parse, personal
from prosa.results import Provenance

ZIP = "application/zip"

PICTURES: dict[str, str] = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
_OTHERS = ("html", "json", "csv", "tsv", "xml", "xlsx", "ndjson", "parquet", "arrow", "markdown")
FORMATS: tuple[str, ...] = (*(PICTURES if pictures.available() else ()), *_OTHERS)
"""What a chart can be taken as; pictures where the extra `images` is installed."""


class ChartFile(NamedTuple):
    """A finished file. `rows` counts what a table of its data holds, `series` what XML does; `missing` are the signs
    that a picture's fonts lack."""

    extension: str
    mime: str
    data: bytes
    rows: int | None = None
    series: int | None = None
    missing: str = ""


class Size(NamedTuple):
    """A picture's sides in CSS pixels, and a PNG's pixels for each of them; None is the figure's own or the usual."""

    width: float | None = None
    height: float | None = None
    scale: float | None = None


def sized(options: Mapping[str, Any]) -> tuple[Size, dict[str, Any]]:
    """The sides of a picture among options, and the other options. UsageError where a side is no number."""
    sides = {side: _number(side, options[side]) for side in Size._fields if side in options}
    return Size(**sides), {name: value for name, value in options.items() if name not in Size._fields}


def _number(side: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise UsageError("export_option", name=side, got=repr(value), possible="2, 800") from None


async def write(
    figure: Any,
    format: str,
    *,
    locale: str | None = None,
    title: str = "",
    origin: Provenance | None = None,
    size: Size | None = None,
    given: Mapping[str, Any] | None = None,
) -> ChartFile:
    """A person's file of a chart. `locale` is None where the person gave none, `size` counts for pictures alone, and
    `given` are options of a table format, as for a result. FigureError, UsageError `export_format` and those of
    `options.parse`, and for pictures what `Pictures.draw` raises."""
    options = _options(locale, title, origin, given or {})
    if format in PICTURES:
        return await _drawn(read(figure), format, options, size or Size())
    if format not in FORMATS:
        raise UsageError("export_format", name=format, names=", ".join(FORMATS))
    return await asyncio.to_thread(_written, read(figure), format, options)


async def _drawn(figure: Figure, format: str, options: Options, size: Size) -> ChartFile:
    about = provenance.fields(options)
    drawing = pictures.shared().draw(figure, format, *size, locale=options.locale, title=options.title, about=about)
    picture = await drawing
    return ChartFile(format, PICTURES[format], picture.data, missing=picture.missing)


async def batch(
    charts: Sequence[Any], formats: Sequence[str], *, locale: str | None = None, origin: Provenance | None = None
) -> ChartFile:
    """Several charts as one zip, each in every format, named by its title; `about.json` lists them. FigureError,
    UsageError."""
    read_charts = [read(chart) for chart in charts]
    files: dict[str, bytes] = {}
    told: list[dict[str, Any]] = []
    missing: dict[str, None] = {}
    for chart in read_charts:
        for format in formats:
            file = await write(chart, format, locale=locale, origin=origin)
            name = _unused(slugged(chart.title, "chart"), file.extension, files)
            files[name] = file.data
            lacking = {"missing_signs": file.missing} if file.missing else {}
            told.append({"name": name, "title": chart.title, "format": format, "size": len(file.data), **lacking})
            missing.update(dict.fromkeys(file.missing))
    files["about.json"] = msgspec.json.format(msgspec.json.encode({"charts": told}), indent=2) + b"\n"
    return ChartFile("zip", ZIP, await asyncio.to_thread(_zipped, files), missing="".join(missing))


def _unused(stem: str, extension: str, taken: Container[str]) -> str:
    name, number = f"{stem}.{extension}", 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}.{extension}"
    return name


def _zipped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def told(missing: str, locale: str) -> str:
    """What a person is told of signs that a picture's fonts lack; empty where there are none."""
    return locales.text("charts.missing_signs", locale, signs=missing) if missing else ""


def usual() -> str:
    """The format of a chart where none was named: a picture where pictures can be drawn."""
    return "png" if "png" in FORMATS else "html"


def title(figure: Any) -> str:
    """A figure's own title, or "". FigureError."""
    return read(figure).title


def _options(locale: str | None, title: str, origin: Provenance | None, given: Mapping[str, Any]) -> Options:
    return msgspec.structs.replace(parse({**personal(locale), **given}), title=title, provenance=origin)


def _written(figure: Figure, format: str, options: Options) -> ChartFile:
    kind = formats.find(format)
    if format == "html":
        facts = provenance.facts(options, figures.count(figure))
        page = html.write(figure, title=options.title, locale=options.locale, facts=facts)
        return ChartFile(kind.extension, kind.mime, page)
    if format == "json":
        return ChartFile(kind.extension, "application/vnd.plotly.v1+json", _json(figure))
    if format == "xml":
        return ChartFile(kind.extension, kind.mime, xml.write(figure, options.provenance), series=len(figure.data))
    return _table(figure, kind, options)


def _json(figure: Figure) -> bytes:
    frames = {"frames": figure.frames} if figure.frames else {}
    return msgspec.json.encode({"data": figure.data, "layout": figure.layout, **frames})


def _table(figure: Figure, kind: formats.Format, options: Options) -> ChartFile:
    parts: list[bytes] = []
    titled = msgspec.structs.replace(options, title=options.title or figure.title)
    rows = kind.writer()(figures.table(figure).to_reader(), lambda data: parts.append(bytes(data)), titled)
    return ChartFile(kind.extension, kind.mime, b"".join(parts), rows=rows)
