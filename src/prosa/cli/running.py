"""A question put to a desk, followed to its end, stopped by Ctrl-C, and shown."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from prosa import chart_export, locales
from prosa.answer import Answer
from prosa.app import Desk
from prosa.cli import exporting, failures
from prosa.cli.terminal import answers
from prosa.cli.terminal.statements import highlighted
from prosa.cli.terminal.streams import Streams
from prosa.events import Entry, Sql, StageCompleted
from prosa.question import Question

Watcher = Callable[[Entry], bool]
"""Sees every entry; True means that enough is known and the run may stop."""


async def followed(desk: Desk, question: Question, watch: Watcher) -> Answer:
    """The run's answer when it has ended. Cancelling this task once (the first Ctrl-C) stops the run, and what it
    still says is seen; a second time ends it all. QuestionError, UsageError."""
    run = await desk.start(question)
    seen, stopping = 0, False
    while True:
        try:
            async for entry in run.follow(seen):
                seen = entry.seq
                if watch(entry):
                    run.ask_to_stop("cancel")
            return run.answer
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if stopping or task is None:
                raise
            stopping = True
            task.uncancel()
            run.ask_to_stop("cancel")


async def shown(desk: Desk, question: Question, streams: Streams) -> Answer:
    """Asks with the stages on the screen, then shows the answer and how it ended."""
    with streams.progress() as progress:

        def watch(entry: Entry) -> bool:
            progress.add(entry)
            return False

        answer = await followed(desk, question, watch)
    answers.show(answer, streams.out, answer.locale, question.limit)
    await _save(desk, answer, streams)
    tell_end(answer, answer.locale)
    return answer


async def quietly(desk: Desk, question: Question, streams: Streams) -> Answer:
    """Asks with the stages on the screen, and shows the answer only where there is none to export."""
    with streams.progress() as progress:

        def watch(entry: Entry) -> bool:
            progress.add(entry)
            return False

        answer = await followed(desk, question, watch)
    if answer.status != "answered":
        answers.show(answer, streams.err, answer.locale)
    tell_end(answer, answer.locale)
    return answer


async def lines(desk: Desk, question: Question, streams: Streams) -> Answer:
    """Asks with every entry as a line of JSON on standard output, and nothing else there."""

    def watch(entry: Entry) -> bool:
        sys.stdout.buffer.write(entry.line + b"\n")
        sys.stdout.buffer.flush()
        return False

    answer = await followed(desk, question, watch)
    await _save(desk, answer, streams)
    tell_end(answer, answer.locale)
    return answer


async def sql_only(desk: Desk, question: Question, streams: Streams) -> int:
    """Shows the guarded statements, which are planned and checked but not run; returns the exit code."""
    written: list[str] = []

    def watch(entry: Entry) -> bool:
        event = entry.event
        if isinstance(event, Sql):
            written.append(event.text)
        return bool(written) and isinstance(event, StageCompleted) and event.stage == "plan"

    answer = await followed(desk, question, watch)
    if written and not any(query.code for query in answer.queries) and answer.failure is None:
        for statement in written:
            streams.out.print(highlighted(statement + (";" if len(written) > 1 else "")))
        return 0
    answers.show(answer, streams.err, answer.locale)
    tell_end(answer, answer.locale)
    return failures.EXIT_CODES[answer.status]


def tell_end(answer: Answer, locale: str) -> None:
    """Says why there is no answer, where there is none."""
    if answer.failure is not None:
        own = answer.failure.code == "internal"
        failures.say(answer.failure.message, failures.details(locale) if own else answer.failure.hint, locale)
    if answer.cancelled is not None:
        failures.stopped(locale)


async def export(desk: Desk, answer: Answer, to: exporting.Target, streams: Streams, given_locale: str) -> None:
    """Writes what of the answer the target wants, and says where it is and of how many rows. UsageError, QueryError."""
    with streams.reading() as on_progress:
        wrote = await exporting.write(desk, answer, to, given_locale, on_progress)
    if to.path is not None:
        _tell_written(streams, answer.locale, to.path, wrote.rows)
    if wrote.missing:
        streams.err.print(chart_export.told(wrote.missing, answer.locale), soft_wrap=True, markup=False)


async def _save(desk: Desk, answer: Answer, streams: Streams) -> None:
    """Writes the files that the answer brought into the current folder."""
    for file in answer.files:
        path = await exporting.save(desk, file)
        _tell_written(streams, answer.locale, path, file.rows)


def _tell_written(streams: Streams, locale: str, path: Path, rows: int | None) -> None:
    if rows is None:
        words = locales.text("cli.saved", locale, path=path)
    else:
        words = locales.text("cli.exported", locale, count=rows, rows=locales.number(rows, locale), path=path)
    streams.err.print(words, soft_wrap=True)
