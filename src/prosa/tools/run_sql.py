"""`run_sql`: one guarded statement over the session's sources; a short table and a handle come back, never all rows."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from prosa import locales
from prosa.answer import Answer
from prosa.errors import UsageError
from prosa.events import Table
from prosa.exports.downloads import PendingDownloads
from prosa.question import Question
from prosa.results import Cell
from prosa.tools.base import Tool, at_desk

MOST_ROWS = 20
LONGEST_CELL = 120
LONGEST_ANSWER = 4_096


class Arguments(msgspec.Struct, frozen=True):
    sql: str


async def run(given: Arguments, session: PendingDownloads) -> str:
    """A Markdown table of the first rows, how many there are, and the result's id. ProsaError."""
    if session.desk is None:
        raise UsageError("tool_no_data")
    answer = await at_desk(session, _answered(given.sql, session))
    if answer.failure is not None:
        return f"❌ {answer.failure.message} {answer.failure.hint}".rstrip()
    if answer.table is None:
        return answer.text
    return _told(answer.table, locales.normalise(session.locale))


async def _answered(sql: str, session: PendingDownloads) -> Answer:
    question = Question(sql, locale=locales.normalise(session.locale), sql=sql)
    return Answer.fold([entry async for entry in session.desk.ask(question, principal=session.principal)])


def _told(table: Table, locale: str) -> str:
    counted = locales.text("tools.total", locale, count=table.total, n=locales.number(table.total, locale))
    cut = [locales.text("tools.truncated", locale)] if table.truncated else []
    handle = locales.text("tools.result", locale, id=table.result_id)
    head = [_line([column.name for column in table.columns]), _line(["---"] * len(table.columns))]
    rows = _fitting([_line(row) for row in table.rows[:MOST_ROWS]], LONGEST_ANSWER - sum(map(len, head)))
    return "\n".join([*head, *rows, "", " ".join([counted, *cut]), handle])


def _line(cells: Sequence[Cell]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(cell: Cell) -> str:
    text = "" if cell is None else cell if isinstance(cell, str) else msgspec.json.encode(cell).decode("utf-8")
    text = " ".join(text.split()).replace("|", "\\|")
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _fitting(lines: list[str], room: int) -> list[str]:
    """As many whole lines as fit into `room` characters."""
    kept = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return kept


RUN_SQL = Tool("run_sql", Arguments, run, asks=True)
