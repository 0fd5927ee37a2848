"""`prosa sources SOURCE…`: what can be asked."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from prosa.cli import given
from prosa.cli.parser import Parser
from prosa.errors import UsageError

if TYPE_CHECKING:
    from prosa.app.locations import Pairs
    from prosa.config import Settings
    from prosa.sources.base import SourceInfo


def add_arguments(parser: Parser) -> None:
    parser.places.add_argument("words", nargs="*", metavar="SOURCE", help=parser.words("help_places"))
    parser.settings("--lang")
    parser.option("--json", action="store_true")
    parser.option("--no-color", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """0; every ProsaError is the caller's to tell."""
    settings = given.settings(arguments)
    if not arguments.words and not settings.sources:
        raise UsageError("source_none")
    with tempfile.TemporaryDirectory(prefix="prosa-") as folder:
        found = asyncio.run(_found(settings, given.sources(arguments.words, Path(folder)), arguments))
    if arguments.json:
        _write_json(found)
    else:
        _show(found, settings, arguments)
    return 0


async def _found(settings: Settings, sources: Pairs, arguments: argparse.Namespace) -> tuple[SourceInfo, ...]:
    from prosa.app import assembly
    from prosa.cli.terminal.streams import open_streams
    from prosa.identity import LOCAL

    async with assembly.workers(settings) as workers:
        databases = assembly.databases(workers, (*settings.sources.items(), *sources))
        streams = open_streams(settings.locale or arguments.spoken, colour=not arguments.no_color)
        with streams.reading() as progress:
            found = await databases.list(LOCAL, progress)
        for problem in databases.problems(LOCAL):
            raise problem.error
    return found


def _write_json(found: tuple[SourceInfo, ...]) -> None:
    import msgspec

    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")


def _show(found: tuple[SourceInfo, ...], settings: Settings, arguments: argparse.Namespace) -> None:
    from prosa.cli.terminal import catalogs
    from prosa.cli.terminal.streams import open_streams

    locale = settings.locale or arguments.spoken
    catalogs.show(found, open_streams(locale, colour=not arguments.no_color).out, locale)
