"""`--export FILE`: all rows of an answer's table in a file, which is whole or not there."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterable
from pathlib import Path
from typing import Any, NamedTuple

from prosa.app import Desk
from prosa.errors import UsageError
from prosa.identity import LOCAL
from prosa.locales import PT


class Target(NamedTuple):
    """A file to write and its format's name."""

    path: Path
    format: str


def target(text: str) -> Target:
    """The file that was asked for, before any work is done for it. UsageError: no such format, no such folder."""
    from prosa.exports.formats import FORMATS

    path = Path(text).expanduser().absolute()
    found = next((row.name for row in FORMATS.values() if path.name.lower().endswith(f".{row.extension}")), None)
    if found is None:
        endings = ", ".join(f".{row.extension}" for row in FORMATS.values())
        raise UsageError("cli_export_format", ending=path.suffix or path.name, endings=endings)
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise UsageError("cli_export_place", path=path, problem=path.parent if not path.is_dir() else path)
    return Target(path, found)


async def write(desk: Desk, result_id: str, to: Target, locale: str) -> int:
    """Writes every row and returns how many. UsageError, QueryError; the part file goes away whatever happens."""
    written = desk.export(LOCAL, result_id, to.format, _options(locale))
    part = to.path.with_name(f".{to.path.name}.{secrets.token_hex(4)}.part")
    try:
        await _fill(part, written)
        os.replace(part, to.path)
    except OSError as error:
        raise UsageError("cli_export_place", path=to.path, problem=error.strerror or "") from error
    finally:
        part.unlink(missing_ok=True)
    return written.rows or 0


def _options(locale: str) -> dict[str, Any]:
    """A Brazilian spreadsheet wants its own marks, where that locale was given; else the file is plain."""
    from prosa.exports.options import personal

    return personal(locale) if locale == PT else {}


async def _fill(part: Path, written: AsyncIterable[bytes]) -> None:
    with part.open("wb") as file:
        async for chunk in written:
            file.write(chunk)
