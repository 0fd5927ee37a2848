"""`prosa export SOURCE… "SQL" FILE`: every row of a query as a file, and nothing else."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from prosa.cli import given
from prosa.cli.ask import end_like_ctrl_c
from prosa.cli.failures import EXIT_CODES
from prosa.cli.parser import Parser
from prosa.errors import UsageError
from prosa.question import Question

if TYPE_CHECKING:
    from prosa.app.locations import Pairs
    from prosa.cli.exporting import Target
    from prosa.config import Settings


def add_arguments(parser: Parser) -> None:
    parser.places.add_argument("words", nargs="*", metavar="SOURCE… SQL FILE", help=parser.words("help_export_words"))
    parser.settings("--lang", "--timeout")
    parser.option("--format", metavar="NAME")
    parser.option("--option", metavar="NAME=VALUE", action="append", default=[])
    parser.option("--limit", metavar="N")
    parser.option("--no-color", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """The exit code. Every ProsaError is the caller's to tell."""
    from prosa.cli.exporting import target

    settings = given.settings(arguments)
    if len(arguments.words) < (2 if settings.sources else 3):
        raise UsageError("cli_export_words")
    *places, query, file = arguments.words
    to = target(file, arguments.format, arguments.option)
    text = given.question_from_input(settings.question_length) if query == "-" else query
    with tempfile.TemporaryDirectory(prefix="prosa-") as folder:
        sources = given.sources(places, Path(folder))
        names = tuple(name for name, _ in (*settings.sources.items(), *sources))
        question = Question(text, locale=settings.locale or None, sources=names, limit=given.rows(arguments.limit))
        return asyncio.run(_once(settings, sources, question, arguments, to))


async def _once(
    settings: Settings, sources: Pairs, question: Question, arguments: argparse.Namespace, to: Target
) -> int:
    from prosa.app import Desk

    end_like_ctrl_c()
    async with Desk(settings, sources) as desk:
        from prosa.cli import running
        from prosa.cli.terminal.streams import open_streams

        streams = open_streams(arguments.spoken, colour=not arguments.no_color)
        answer = await running.quietly(desk, question, streams)
        if answer.status == "answered":
            await running.export(desk, answer, to, streams, settings.locale)
    return EXIT_CODES[answer.status]
