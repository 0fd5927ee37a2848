"""`prosa ask SOURCE… QUESTION`: one question, or without one a conversation."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from prosa.cli import given
from prosa.cli.failures import EXIT_CODES
from prosa.cli.parser import Parser
from prosa.errors import UsageError
from prosa.question import Question

if TYPE_CHECKING:
    from prosa.app.locations import Pairs
    from prosa.cli.exporting import Target
    from prosa.config import Settings


def add_arguments(parser: Parser) -> None:
    parser.places.add_argument("words", nargs="*", metavar="SOURCE… QUESTION", help=parser.words("help_words"))
    parser.settings("--lang", "--analyst", "--model", "--model-url", "--glossary", "--timeout")
    parser.option("--sql", action="store_true")
    parser.option("--json", action="store_true")
    parser.option("--export", metavar="FILE")
    parser.option("--option", metavar="NAME=VALUE", action="append", default=[])
    parser.option("--as-of", metavar="DATE")
    parser.option("--limit", metavar="N")
    parser.option("--no-color", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """The exit code. Every ProsaError is the caller's to tell."""
    settings = given.settings(arguments)
    words, text = given.divided(arguments.words, sources_known=bool(settings.sources))
    interactive = text is None and sys.stdin is not None and sys.stdin.isatty()
    if not interactive and text in (None, "-"):
        text = given.question_from_input(settings.question_length)
    as_of, limit, to = given.day(arguments.as_of), given.rows(arguments.limit), _target(arguments)
    with tempfile.TemporaryDirectory(prefix="prosa-") as folder:
        sources = given.sources(words, Path(folder))
        if not sources and not settings.sources:
            raise UsageError("source_none")
        question = Question(
            text or "",
            locale=settings.locale or None,
            analyst=settings.analyst,
            as_of=as_of,
            limit=limit,
        )
        if interactive:
            from prosa.cli.session import converse

            return converse(settings, sources, question, arguments)
        return asyncio.run(_once(settings, sources, question, arguments, to))


def _target(arguments: argparse.Namespace) -> Target | None:
    if not arguments.export:
        return None
    from prosa.cli.exporting import target

    return target(arguments.export, options=arguments.option)


async def _once(
    settings: Settings, sources: Pairs, question: Question, arguments: argparse.Namespace, to: Target | None
) -> int:
    from prosa.app import Desk

    end_like_ctrl_c()
    async with Desk(settings, sources) as desk:
        question = desk.about_all(question)
        from prosa.cli import running
        from prosa.cli.terminal.streams import open_streams

        streams = open_streams(arguments.spoken, colour=not arguments.no_color)
        if arguments.sql:
            return await running.sql_only(desk, question, streams)
        ask = running.lines if arguments.json else running.shown
        answer = await ask(desk, question, streams)
        if to is not None and answer.status == "answered":
            await running.export(desk, answer, to, streams, settings.locale)
    return EXIT_CODES[answer.status]


def end_like_ctrl_c() -> None:
    """Being ended from outside stops the SQL and removes what is half-written, too."""
    task = asyncio.current_task()
    assert task is not None
    with suppress(NotImplementedError):  # Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
