"""The two streams of a command: the answer on standard output, everything about it on standard error."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console

from prosa.cli.terminal.stages import Lively, Plain, Progress, Silent

_PIPE_WIDTH = 100_000
"""Columns of a stream that is no terminal: nothing is cut or wrapped there."""


@dataclass(frozen=True)
class Streams:
    """`out` for the answer, `err` for progress and errors."""

    out: Console
    err: Console
    locale: str
    quiet: bool = False

    def progress(self) -> Progress:
        """How this terminal shows a run at work."""
        if self.quiet:
            return Silent()
        lively = self.err.is_terminal and not self.err.is_dumb_terminal
        return Lively(self.err, self.locale) if lively else Plain(self.err, self.locale)


def open_streams(locale: str, *, colour: bool = True, quiet: bool = False) -> Streams:
    """The process's own streams. Without `colour`, with NO_COLOR or a dumb terminal nothing is coloured."""
    return Streams(_console(sys.stdout, colour), _console(sys.stderr, colour), locale, quiet)


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
