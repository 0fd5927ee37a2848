"""The cited passages of an answer for a terminal, each under its place, the sentence that answers marked."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from prosa import locales
from prosa.cli.terminal.cells import clean
from prosa.events import Passage


def citations(passages: Sequence[Passage], locale: str) -> Text:
    """All passages, numbered, with an empty line between."""
    shown = Text(locales.text("documents.heading", locale), style="dim")
    for number, passage in enumerate(passages, 1):
        shown.append(f"\n[{number}] {clean(passage.where(locale))}\n", style="cyan")
        shown.append(clean(passage.passage[: passage.start], lines=True), style="dim")
        shown.append(clean(passage.passage[passage.start : passage.end], lines=True), style="bold")
        shown.append(clean(passage.passage[passage.end :], lines=True), style="dim")
    return shown
