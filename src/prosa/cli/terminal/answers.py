"""A finished answer for a terminal: reading, SQL, table, chart, words; or what is asked back, or why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.text import Text

from prosa import locales
from prosa.answer import Answer
from prosa.cli.terminal import charts
from prosa.cli.terminal.cells import clean
from prosa.cli.terminal.citations import citations
from prosa.cli.terminal.statements import highlighted, in_lines
from prosa.cli.terminal.tables import caption, grid, shown_rows

_MARKED = re.compile(r"\*\*(?P<bold>.+?)\*\*|`(?P<code>[^`]+)`|\[(?P<label>[^\]]*)\]\((?P<url>[^)\s]*)\)")
_WIDEST_CHART = 80


def show(answer: Answer, console: Console, locale: str, limit: int | None = None) -> None:
    """Prints everything but the failure, with an empty line between the parts; a pipe gets the same, uncut."""
    for number, part in enumerate(_parts(answer, locale, limit, console)):
        if number:
            console.print()
        console.print(part, soft_wrap=isinstance(part, Text) and not console.is_terminal)


def _parts(answer: Answer, locale: str, limit: int | None, console: Console) -> Iterator[RenderableType]:
    reading = _reading(answer, locale)
    if reading:
        yield reading
    yield from (highlighted(in_lines(query.sql)) for query in answer.queries if not query.code)
    for table in answer.tables:
        rows = shown_rows(table, limit)
        if rows:
            yield grid(table, locale, rows)
        yield Text(caption(table, rows, locale), style="dim")
    width = min(console.width, _WIDEST_CHART)
    for chart in answer.charts:
        lines = charts.draw(chart.figure, width, locale)
        if lines:
            yield Text("\n".join(lines), style="cyan", no_wrap=True)
    yield from (words(block.text) for block in answer.blocks if block.text)
    if answer.passages:
        yield citations(answer.passages, locale)
    yield from _remarks(answer, locale)


def _reading(answer: Answer, locale: str) -> Text:
    lines = []
    if answer.reading:
        lines.append(locales.text("cli.reading", locale, reading=clean(answer.reading)))
    if answer.unknown:
        unknown = ", ".join(clean(word.text) for word in answer.unknown)
        lines.append(locales.text("cli.unknown", locale, words=unknown))
    return Text("\n".join(lines), style="dim")


def _remarks(answer: Answer, locale: str) -> Iterator[Text]:
    lines = [Text.assemble(("! ", "yellow"), clean(notice.words)) for notice in answer.notices]
    if lines:
        yield Text("\n").join(lines)
    if answer.clarification is not None:
        asked = answer.clarification
        options = (f"{number}. {clean(option.label)}" for number, option in enumerate(asked.options, 1))
        yield Text("\n".join([clean(asked.question), *options]))


def words(text: str) -> Text:
    """An answer's sentences: bold and code as styles, a link as its words and address."""
    shown, end = Text(), 0
    source = clean(text, lines=True)
    for found in _MARKED.finditer(source):
        shown.append(source[end : found.start()])
        end = found.end()
        if found["bold"]:
            shown.append(found["bold"], style="bold")
        elif found["code"]:
            shown.append(found["code"], style="cyan")
        else:
            shown.append(f"{found['label']} ({found['url']})")
    shown.append(source[end:])
    return shown
