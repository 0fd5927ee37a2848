"""The stages of a run while it works: a live picture on a terminal, plain lines everywhere else."""

from __future__ import annotations

import time
from collections.abc import Iterable
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from prosa import events as e
from prosa import locales
from prosa.answer import Answer, StageState
from prosa.cli.terminal.cells import clean
from prosa.cli.terminal.statements import highlighted, in_lines


class Progress(Protocol):
    """Shows a run's entries as they come, in the run's language; leaving it leaves the stages and their times."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def add(self, entry: e.Entry) -> None: ...


class Plain:
    """One line for each stage that has ended: for files, pipes and dumb terminals."""

    def __init__(self, console: Console, locale: str) -> None:
        self._console, self._locale = console, locale

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def add(self, entry: e.Entry) -> None:
        event = entry.event
        if isinstance(event, e.Started):
            self._locale = event.locale
        if isinstance(event, e.StageCompleted):
            state = StageState(event.stage, event.duration_ms, summary=event.summary)
            self._console.print(line(state, self._locale), soft_wrap=True)


class Lively:
    """All stages at once, the running one with its time, and the SQL as soon as it is known."""

    def __init__(self, console: Console, locale: str) -> None:
        self._console, self._locale = console, locale
        self._answer = Answer()
        self._since = time.monotonic()
        self._live = Live(console=console, get_renderable=self._picture, refresh_per_second=12, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()
        for state in self._answer.stages:
            if state.duration_ms is not None:
                self._console.print(line(state, self._locale), overflow="ellipsis", no_wrap=True)

    def add(self, entry: e.Entry) -> None:
        self._answer.add(entry)
        if isinstance(entry.event, e.Started):
            self._locale = entry.event.locale
        if isinstance(entry.event, e.StageStarted):
            self._since = time.monotonic()

    def _picture(self) -> RenderableType:
        parts: list[RenderableType] = list(self._stages())
        if self._answer.queries:
            query = self._answer.queries[-1]
            parts += [Text(), highlighted(in_lines(query.sql))]
        return Group(*parts)

    def _stages(self) -> Iterable[RenderableType]:
        if not self._answer.stages:
            yield Spinner("dots", Text(locales.text("cli.starting", self._locale), style="dim"))
        for state in self._answer.stages:
            yield line(state, self._locale) if state.duration_ms is not None else self._running(state)

    def _running(self, state: StageState) -> RenderableType:
        passed = (time.monotonic() - self._since) * 1000
        words = f"{name(state, self._locale)}  {duration(passed, self._locale)}  {clean(state.message)}"
        row = Table.grid(padding=(0, 1))
        cells: list[RenderableType] = [Spinner("dots"), Text(words.rstrip())]
        if state.fraction is not None:
            cells += [ProgressBar(1.0, state.fraction, width=24), Text(f"{state.fraction:.0%}")]
        row.add_row(*cells)
        return row


def line(state: StageState, locale: str) -> Text:
    """An ended stage: what it was, how long it took, what came of it."""
    took = duration(state.duration_ms or 0.0, locale)
    return Text.assemble(
        ("✓ ", "green"), f"{name(state, locale):<18}", (f"{took:>9}", "cyan"), ("  " + clean(state.summary), "dim")
    )


def name(state: StageState, locale: str) -> str:
    """What people call a stage."""
    return locales.text(f"cli.stage_{state.stage}", locale)


def duration(milliseconds: float, locale: str) -> str:
    """A time that people grasp: milliseconds below a second, then seconds."""
    if milliseconds < 1000:
        return f"{locales.number(milliseconds, locale, places=1 if milliseconds < 10 else 0)} ms"
    return f"{locales.number(milliseconds / 1000, locale, places=1)} s"
