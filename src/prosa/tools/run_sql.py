"""`run_sql`: one guarded statement over the session's sources; a short table and a handle come back, never all rows."""

from __future__ import annotations

import msgspec

from prosa import locales
from prosa.exports.downloads import PendingDownloads
from prosa.question import Question
from prosa.tools.base import Tool, answered
from prosa.tools.rows import told


class Arguments(msgspec.Struct, frozen=True):
    sql: str


async def run(given: Arguments, session: PendingDownloads) -> str:
    """A Markdown table of the first rows, how many there are, and the result's id. ProsaError."""
    locale = locales.normalise(session.locale)
    answer = await answered(Question(given.sql, locale=locale, sql=given.sql), session)
    return answer.text if answer.table is None else told(answer.table, locale)


RUN_SQL = Tool("run_sql", Arguments, run, asks=True)
