"""Files of an answer on the disk of whoever sits here: each is whole, or not there."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import AsyncIterable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from prosa import chart_export
from prosa.answer import Answer
from prosa.app import Desk
from prosa.app.locations import at_home
from prosa.chart_export import ChartFile
from prosa.errors import UsageError
from prosa.events import FileReady
from prosa.exports.archive import whole
from prosa.identity import LOCAL
from prosa.locales import PT

OnProgress = Callable[[int, int], None]
"""Called with rows read and rows in all."""


class Target(NamedTuple):
    """A file to write (None: standard output), its format's name, and the format's options that were given."""

    path: Path | None
    format: str
    options: dict[str, Any]


class Wrote(NamedTuple):
    """How many rows a file has, where it is rows, and the signs that its picture's fonts lack."""

    rows: int | None = None
    missing: str = ""


def target(text: str, format: str | None = None, options: Sequence[str] = ()) -> Target:
    """The file that was asked for, before any work is done for it. `format` where the ending does not tell it, options
    as `name=value`. UsageError: no such format, no such option, no such folder."""
    from prosa.exports.options import parse

    given = dict(_option(option) for option in options)
    parse(chart_export.sized(given)[1])
    if text == "-":
        return Target(None, _format(format or "csv"), given)
    path = at_home(text).absolute()
    found = _format(format) if format else _by_ending(path)
    # `os.path`, since `Path.is_dir` raises OSError for a name that is too long (Python 3.11).
    if os.path.isdir(path) or not os.access(path.parent, os.W_OK):
        raise UsageError("cli_export_place", path=path, problem=path if os.path.isdir(path) else path.parent)
    return Target(path, found, given)


def _option(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError("cli_option", got=text)
    return name.strip(), value.replace("\\t", "\t")


def _endings() -> dict[str, str]:
    """Formats by the endings of their files: those of a table, and what only an answer or a chart can be."""
    from prosa.exports.formats import FORMATS

    tables = {row.extension: row.name for row in FORMATS.values()}
    return {"zip": "zip", **{name: name for name in chart_export.FORMATS if name in _PICTURES}, **tables}


def _by_ending(path: Path) -> str:
    endings = _endings()
    found = next((ending for ending in endings if path.name.lower().endswith(f".{ending}")), None)
    if found is None:
        names = ", ".join(f".{ending}" for ending in endings)
        raise UsageError("cli_export_format", ending=path.suffix or path.name, endings=names)
    return endings[found]


def _format(name: str) -> str:
    names = set(_endings().values())
    if name not in names:
        raise UsageError("export_format", name=name, names=", ".join(sorted(names)))
    return name


async def write(desk: Desk, answer: Answer, to: Target, locale: str, on_progress: OnProgress) -> Wrote:
    """Writes the answer's last table, its chart or all of it. `locale` is empty where none was given.
    UsageError, QueryError; the part file goes away whatever happens."""
    if to.format == "zip":
        await _filled(to.path, await desk.bundle(LOCAL, answer.run_id, locale or None))
        return Wrote()
    if to.format in _PICTURES:
        picture = await _chart(desk, answer, to, locale)
        await _filled(to.path, whole(picture.data))
        return Wrote(missing=picture.missing)
    if answer.result_id is None:
        raise UsageError("cli_export_nothing")
    total = desk.results.get(LOCAL, answer.result_id).result.total
    written = desk.export(LOCAL, answer.result_id, to.format, {**_personal(locale), **to.options})

    async def counted() -> AsyncIterable[bytes]:
        async for chunk in written:
            on_progress(written.done, total)
            yield chunk

    await _filled(to.path, counted())
    return Wrote(written.rows or 0)


async def _chart(desk: Desk, answer: Answer, to: Target, locale: str) -> ChartFile:
    if not answer.charts:
        raise UsageError("no_chart")
    chart = answer.charts[-1]
    origin = desk.results.get(LOCAL, chart.result_id).provenance
    size, given = chart_export.sized(to.options)
    return await chart_export.write(
        chart.figure, to.format, locale=locale or answer.locale, origin=origin, size=size, given=given
    )


async def save(desk: Desk, file: FileReady) -> Path:
    """Writes a file that the answer brought into the current folder, under its own name. AccessError, QueryError."""
    stored = desk.file(LOCAL, file.file_id)
    path = _here(stored.name)
    await _filled(path, stored.write() if stored.write is not None else whole(stored.data))
    return path


def _here(name: str) -> Path:
    return Path(name).absolute()


async def _filled(path: Path | None, chunks: AsyncIterable[bytes]) -> None:
    if path is None:
        async for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        return
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        await _fill(part, chunks)
        os.replace(part, path)
    except OSError as error:
        raise UsageError("cli_export_place", path=path, problem=error.strerror or "") from error
    finally:
        with suppress(OSError):
            part.unlink()


async def _fill(part: Path, written: AsyncIterable[bytes]) -> None:
    with part.open("wb") as file:
        async for chunk in written:
            file.write(chunk)


def _personal(locale: str) -> dict[str, Any]:
    """A Brazilian spreadsheet wants its own marks, where that locale was given; else the file is plain."""
    from prosa.exports.options import personal

    return personal(locale) if locale == PT else {}


_PICTURES = frozenset({"png", "svg", "pdf"})
