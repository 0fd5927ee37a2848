"""Where the CSV of an answer is: the file that the agent names, the newest one, or one that is made now."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Container

from prosa.errors import ProsaError
from prosa.integrations.chat import statements
from prosa.integrations.chat.protocols import CsvManager, SqlArgs, SqlContext, SqlRunner, called
from prosa.sources.base import Dialect
from prosa.sources.showing import on_engine

logger = logging.getLogger(__name__)

# Without the folders that may stand before it: where to look is the manager's business, never the agent's.
_NAMES = re.compile(r"[\w-][\w.-]*\.csv\b", re.IGNORECASE)
_MOST_NAMES = 10
_SQL_SECONDS = 30.0


async def find(
    csv: CsvManager, runner: SqlRunner, said: str, sql: str | None, context: SqlContext, *,
    seconds: float, dialect: Dialect, known: Container[str],
) -> str | None:  # fmt: skip
    """The name of this user's CSV: the last that `said` mentions, else the newest of the last `seconds` whose address
    is not `known` from earlier answers, else that of the rows of `sql`, run now. None where there is none."""
    user = context.user.id
    names: list[str] = _NAMES.findall(said)
    for name in reversed(names[-_MOST_NAMES:]):
        if await called(csv.find, name, user) is not None:
            return name
    newest: str | None = await called(csv.latest, user, seconds)
    if newest is not None and csv.url(newest) not in known:
        return newest
    if not sql:
        return None
    return await _made(csv, runner, sql, context, dialect)


async def _made(csv: CsvManager, runner: SqlRunner, sql: str, context: SqlContext, dialect: Dialect) -> str | None:
    try:
        text = on_engine(sql, dialect) or statements.guarded(sql, dialect).sql
    except ProsaError as error:
        logger.info("no CSV of a statement that is refused: %s", error.code)
        return None
    async with asyncio.timeout(_SQL_SECONDS):
        rows = await called(runner.run_sql, SqlArgs(text), context)
    name: str = await called(csv.save, rows, context.user.id)
    return name
