"""The two streams of a command: the answer on standard output, everything about it on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console

from prosa.cli.terminal.stages import Lively, Plain, Progress

_PIPE_WIDTH = 100_000
"""Columns of a stream that is no terminal: nothing is cut or wrapped there."""


@dataclass(frozen=True)
class Streams:
    """`out` for the answer, `err` for progress and errors."""

    out: Console
    err: Console
    locale: str

    def progress(self) -> Progress:
        """How this terminal shows a run at work."""
        return Lively(self.err, self.locale) if self._lively else Plain(self.err, self.locale)

    @contextmanager
    def reading(self) -> Iterator[Callable[[int, int], None]]:
        """A bar of work done and work in all, on a terminal only; it leaves nothing behind."""
        if not self._lively:
            yield lambda done, total: None
            return
        from rich.progress import BarColumn, SpinnerColumn, TaskProgressColumn
        from rich.progress import Progress as Bars

        with Bars(SpinnerColumn(), BarColumn(), TaskProgressColumn(), console=self.err, transient=True) as bars:
            task = bars.add_task("", total=None)
            yield lambda done, total: bars.update(task, completed=done, total=total or None)

    @property
    def _lively(self) -> bool:
        return self.err.is_terminal and not self.err.is_dumb_terminal


def open_streams(locale: str, *, colour: bool = True) -> Streams:
    """The process's own streams. Without `colour`, with NO_COLOR or a dumb terminal nothing is coloured."""
    return Streams(_console(sys.stdout, colour), _console(sys.stderr, colour), locale)


class _Console(Console):
    """rich ends the program where nobody reads; here that is an error like others, so that everything is closed."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def _console(stream: TextIO, colour: bool) -> Console:
    terminal = stream.isatty()
    return _Console(
        file=stream,
        no_color=True if not colour else None,
        force_terminal=terminal,
        width=None if terminal else _PIPE_WIDTH,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False if os.name != "nt" else None,
    )
