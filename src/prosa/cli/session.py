"""`prosa ask SOURCE…` without a question: a conversation in the terminal. Each question may go on from the last."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from prosa import locales
from prosa.answer import Answer
from prosa.app import Desk
from prosa.app.locations import Pairs
from prosa.cli import exporting, failures, running
from prosa.cli.terminal import catalogs
from prosa.cli.terminal.statements import highlighted, in_lines
from prosa.cli.terminal.streams import Streams, open_streams
from prosa.config import Settings
from prosa.documents.index import DocumentInfo
from prosa.errors import ProsaError, UsageError
from prosa.identity import LOCAL
from prosa.question import Question
from prosa.sources.base import SourceInfo

_MOST_HISTORY = 1000


class Session:
    """What was asked last, and what a line of the person means. `first` carries the options of every question."""

    def __init__(self, desk: Desk, first: Question, streams: Streams, given_locale: str) -> None:
        self.goes_on = True
        self._desk, self._first, self._streams, self._given_locale = desk, first, streams, given_locale
        self._last: Answer | None = None
        self._commands = {
            ":help": self._help,
            ":sources": self._sources,
            ":sql": self._sql,
            ":export": self._export,
            ":quit": self._quit,
        }

    async def take(self, line: str) -> None:
        """Answers a question, follows a command, or takes the number of an option. ProsaError."""
        word, _, rest = line.partition(" ")
        if word in self._commands:
            await self._commands[word](rest.strip())
        elif word.startswith(":"):
            raise UsageError("cli_session_command", got=word, names=", ".join(self._commands))
        elif line:
            await self._ask(line)

    async def _ask(self, line: str) -> None:
        before = self._last
        asked = msgspec.structs.replace(
            self._first,
            text=before.meant(line) if before is not None else line,
            replies_to=before.run_id if before is not None else None,
        )
        self._last = await running.shown(self._desk, asked, self._streams)

    async def _help(self, _: str) -> None:
        self._streams.err.print(locales.text("cli.session_help", self._streams.locale))

    async def _sources(self, _: str) -> None:
        catalogs.show(await self._listed(), self._streams.out, self._streams.locale)

    async def _listed(self) -> tuple[SourceInfo | DocumentInfo, ...]:
        desk = self._desk
        return (*await desk.databases.list(LOCAL), *await desk.documents.list(LOCAL))

    async def _sql(self, _: str) -> None:
        if self._last is None or self._last.sql is None:
            raise UsageError("cli_session_no_sql")
        self._streams.out.print(highlighted(in_lines(self._last.sql)))

    async def _export(self, name: str) -> None:
        if self._last is None or not name:
            raise UsageError("cli_export_nothing" if name else "cli_session_export")
        await running.export(self._desk, self._last, exporting.target(name), self._streams, self._given_locale)

    async def _quit(self, _: str) -> None:
        self.goes_on = False


def converse(settings: Settings, sources: Pairs, first: Question, arguments: argparse.Namespace) -> int:
    """Asks until the person leaves; always 0."""
    streams = open_streams(arguments.spoken, colour=not arguments.no_color)
    with asyncio.Runner() as runner, _history(settings.data_dir / "questions"):
        desk = runner.run(Desk(settings, sources).__aenter__())
        try:
            session = Session(desk, desk.about_all(first), streams, settings.locale)
            streams.err.print(locales.text("cli.welcome", streams.locale))
            while session.goes_on:
                _turn(runner, session, streams.locale)
        finally:
            runner.run(desk.__aexit__(None, None, None))
    return 0


def _turn(runner: asyncio.Runner, session: Session, locale: str) -> None:
    try:
        runner.run(session.take(_read(locales.text("cli.prompt", locale)).strip()))
    except EOFError:
        session.goes_on = False
    except KeyboardInterrupt:
        failures.stopped(locale)
    except ProsaError as error:
        failures.told(error, locale)


def _read(prompt: str) -> str:
    """A line from the terminal; the prompt stays out of an output that goes elsewhere."""
    if sys.stdout.isatty():
        return input(prompt)
    print(prompt, end="", file=sys.stderr, flush=True)
    return input()


@contextmanager
def _history(file: Path) -> Iterator[None]:
    """Earlier questions under the arrow keys, kept in a file, where the system has readline."""
    try:
        import readline
    except ImportError:  # Windows
        yield
        return
    with suppress(OSError):
        readline.read_history_file(file)
    readline.set_history_length(_MOST_HISTORY)
    try:
        yield
    finally:
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(file)
