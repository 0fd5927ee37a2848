"""The library's two doors: `open`, a desk for asynchronous code, and `ask`, one question from anywhere."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

from prosa import config
from prosa.answer import Answer
from prosa.app.background import Background
from prosa.app.desk import Desk
from prosa.app.kept import KeptDesks
from prosa.app.locations import Source, named
from prosa.app.rows import WholeRows
from prosa.errors import UsageError
from prosa.identity import LOCAL
from prosa.question import Answerer, Question


class _Process:
    """What all questions of one process share: a loop in the background and the desks in it."""

    def __init__(self) -> None:
        self.desks = KeptDesks()
        self.background = Background(self.desks.aclose)


_process = _Process()


def _after_fork() -> None:
    """A forked child has neither the thread nor the children of its parent."""
    global _process
    _process = _Process()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


@asynccontextmanager
async def open(source: Source = (), *, answerer: Answerer | None = None, **settings: Any) -> AsyncIterator[Desk]:
    """A desk over a path, glob, folder, URL, pandas, polars or Arrow frame, or a mapping of names to those.

    `answerer` is somebody's own, in place of the analyst, who may have data elsewhere and need no source; `settings`
    are the names of docs/settings.md. UsageError, ConfigError, SourceError for a frame that is no table.

        async with prosa.open("sales.csv") as desk:
            async for entry in desk.ask("top 5 customers by revenue"):
                print(entry.event)
    """
    read = config.read(settings)
    with tempfile.TemporaryDirectory(prefix="prosa-") as folder:
        sources = await asyncio.to_thread(named, source, Path(folder), needed=answerer is None)
        async with Desk(read, sources, answerer=answerer) as desk:
            yield desk


def ask(
    source: Source,
    question: str,
    *,
    locale: str | None = None,
    as_of: date | str | None = None,
    limit: int | None = None,
    sql: str | None = None,
    follows: Answer | None = None,
    timeout: float | None = None,
    **settings: Any,
) -> Answer:
    """The answer to one question, from a script, a notebook, a Streamlit script or any thread.

    `source` as in `open`; `locale` is `en` or `pt-BR`, else the question's own; `as_of` the day that "today" means;
    `limit` the most rows of the table; `sql` a statement to run instead of planning one; `follows` the answer that this
    question goes on from; `timeout` in seconds; `settings` the names of docs/settings.md.

    An answer always comes back with its `status`: `answered`, `clarify`, `refused`, `failed` or `cancelled`. Raised are
    only errors about what was given: SourceError for data that can't be used, UsageError, QuestionError, ConfigError;
    and BusyError.
    """
    if timeout is not None:
        settings |= {"run_time_limit": timeout, "statement_time_limit": timeout}
    if locale:
        settings["locale"] = locale
    read = config.read(settings)
    asked = Question(
        question,
        locale=read.locale or None,
        analyst=read.analyst,
        as_of=day(as_of),
        replies_to=follows.run_id if follows is not None else None,
        sql=sql,
        limit=limit,
    )
    process = _process
    return process.background.run(_ask(process, source, asked, read))


def day(value: date | str | None) -> date | None:
    """A date, or its ISO 8601 text. UsageError `as_of`."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UsageError("as_of", got=value) from None


async def _ask(process: _Process, source: Source, question: Question, settings: config.Settings) -> Answer:
    async with process.desks.over(source, settings) as kept:
        await kept.desk.read_all()
        run = await kept.desk.start(kept.desk.about_all(question))
        try:
            answer = await run.finished()
        finally:
            run.ask_to_stop("cancel")
        held = kept.desk.results
        shown = {table.result_id for table in answer.tables} | {chart.result_id for chart in answer.charts}
        results = {result_id: held.get(LOCAL, result_id) for result_id in shown}
        files = {file.file_id: held.get_file(LOCAL, file.file_id) for file in answer.files}
    return answer.attach(WholeRows(results, files, kept, process.desks, process.background.run))
