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
    from prosa.documents.index import DocumentInfo
    from prosa.sources.base import SourceInfo

    Found = tuple[SourceInfo | DocumentInfo, ...]


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


async def _found(settings: Settings, sources: Pairs, arguments: argparse.Namespace) -> Found:
    """The sources and documents. SourceError where one can't be read."""
    from prosa.app import assembly
    from prosa.app.roles import data_and_documents
    from prosa.cli.terminal.streams import open_streams
    from prosa.identity import LOCAL

    data, papers = data_and_documents((*settings.sources.items(), *sources))
    async with assembly.workers(settings) as workers:
        databases = assembly.databases(workers, data)
        documents = assembly.documents(settings, workers, papers)
        streams = open_streams(settings.locale or arguments.spoken, colour=not arguments.no_color)
        try:
            with streams.reading() as progress:
                found: Found = (*await databases.list(LOCAL, progress), *await documents.list(LOCAL, progress))
            errors = [problem.error for problem in databases.problems(LOCAL)]
            errors += [problem.error for problem in await documents.problems(LOCAL)]
            if errors:
                raise errors[0]
        finally:
            await documents.aclose()
    return found


def _write_json(found: Found) -> None:
    import msgspec

    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")


def _show(found: Found, settings: Settings, arguments: argparse.Namespace) -> None:
    from prosa.cli.terminal import catalogs
    from prosa.cli.terminal.streams import open_streams

    locale = settings.locale or arguments.spoken
    catalogs.show(found, open_streams(locale, colour=not arguments.no_color).out, locale)
