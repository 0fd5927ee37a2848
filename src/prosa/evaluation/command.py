"""`prosa eval SUITE…`: asks, judges, and tells. Options and files are looked at before the first question is asked."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from prosa import config, locales
from prosa.errors import UsageError
from prosa.evaluation import predictions, suite
from prosa.evaluation.predictions import Prediction
from prosa.evaluation.suite import Case

_EVERY = 10
"""After how many questions the progress is shown anew."""


class Parser(Protocol):
    """What the command line's parser offers."""

    locale: str
    places: Any
    options: Any

    def settings(self, *flags: str) -> None: ...


class _Job(NamedTuple):
    cases: Sequence[Case]
    given: dict[str, Prediction] | None
    before: dict[str, Prediction] | None


def add_arguments(parser: Parser) -> None:
    """The command's own options; its words stand in `eval.toml`."""

    def words(name: str) -> str:
        return locales.text(f"eval.help_{name}", parser.locale).replace("%", "%%")

    parser.places.add_argument("suites", nargs="*", metavar="SUITE", help=words("suites"))
    parser.settings("--lang", "--analyst", "--glossary")
    for flag, metavar in (
        ("--root", "DIR"),
        ("--field", "NAME"),
        ("--predictions", "FILE"),
        ("--report", "FILE"),
        ("--score", "FILE"),
        ("--compare", "FILE"),
    ):
        parser.options.add_argument(flag, metavar=metavar, help=words(flag.removeprefix("--")))


def run(arguments: argparse.Namespace, settings: config.Settings) -> int:
    """0 when every question was judged, however. UsageError, SourceError, StorageError."""
    locale = settings.locale or arguments.spoken
    job = _job(arguments)
    _writable(arguments.predictions, arguments.report)
    after, before = asyncio.run(_judged(settings, job, locale))
    return _told(arguments, after, before, locale)


def _job(arguments: argparse.Namespace) -> _Job:
    if not arguments.suites:
        raise UsageError("eval_no_suite")
    cases: list[Case] = []
    for name in arguments.suites:
        file = Path(name)
        cases += suite.read(file, Path(arguments.root or file.parent), arguments.field or "question")
    seen: set[str] = set()
    for turn in (turn for case in cases for turn in case.turns):
        if turn.id in seen:
            raise UsageError("eval_same_id", id=turn.id)
        seen.add(turn.id)
    given = predictions.read(Path(arguments.score)) if arguments.score else None
    before = predictions.read(Path(arguments.compare)) if arguments.compare else None
    return _Job(cases, given, before)


def _writable(*files: str | None) -> None:
    for file in files:
        if file and not Path(file).absolute().parent.is_dir():
            raise UsageError("eval_folder", folder=str(Path(file).absolute().parent))


async def _judged(settings: config.Settings, job: _Job, locale: str) -> tuple[list[Any], list[Any] | None]:
    from prosa.app import Desk
    from prosa.evaluation import running

    count = sum(len(case.turns) for case in job.cases)
    async with Desk(settings) as desk:
        with _Progress(count, locale) as progress:
            if job.given is None:
                after = await running.ask_all(desk, job.cases, progress.tick)
            else:
                after = await running.score_all(desk, job.cases, job.given, progress.tick)
        if job.before is None:
            return after, None
        with _Progress(count, locale) as progress:
            return after, await running.score_all(desk, job.cases, job.before, progress.tick)


def _told(arguments: argparse.Namespace, after: list[Any], before: list[Any] | None, locale: str) -> int:
    from prosa.evaluation import comparing, report

    if arguments.predictions:
        predictions.write(Path(arguments.predictions), (outcome.prediction for outcome in after))
    if arguments.report:
        file = Path(arguments.report)
        as_json = file.suffix.lower() == ".json"
        predictions.save(file, report.json(after) if as_json else report.markdown(after, locale).encode())
    print(report.text(after, locale))
    if before is not None:
        print(comparing.text(before, after, locale))
    return 0


class _Progress:
    """How far it is, on a terminal's error stream; nothing where nobody looks."""

    def __init__(self, count: int, locale: str) -> None:
        self._count = count
        self._locale = locale
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def tick(self, done: int) -> None:
        """Tells that so many questions are done."""
        if self._shown and (done % _EVERY == 0 or done == self._count):
            words = locales.text("eval.progress", self._locale, done=done, total=self._count)
            print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)
