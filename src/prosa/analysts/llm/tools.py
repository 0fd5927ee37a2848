"""The planner's tools. Each answers in words or JSON that a model can go on from; none changes anything."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable
from typing import Any

import msgspec
from pydantic_ai import RunContext, Tool, ToolDefinition

from prosa.analysts.llm import envelope, schema
from prosa.analysts.llm.job import Job
from prosa.errors import ProsaError, QueryError, QueryRefused
from prosa.events import ToolCalled, ToolReturned
from prosa.results import Result
from prosa.sources.base import Catalog, TableInfo
from prosa.sources.naming import quoted

_MOST_VALUES = 20
_LONGEST_SHOWN = 2_000


async def search_schema(context: RunContext[Job], words: str) -> str:
    """Finds tables by words of their names, columns or values, also those that were not listed."""
    return await _shown(context.deps, "search_schema", {"words": words}, _searched(context.deps, words))


async def describe_table(context: RunContext[Job], table: str) -> str:
    """Tells all columns of one table, its keys and a few of its values."""
    return await _shown(context.deps, "describe_table", {"table": table}, _described(context.deps, table))


async def sample_values(context: RunContext[Job], table: str, column: str, like: str = "") -> str:
    """Lists values of a column that contain a text, in any case; the most frequent ones without a text."""
    given = {"table": table, "column": column, "like": like}
    return await _shown(context.deps, "sample_values", given, _sampled(context.deps, table, column, like))


async def try_sql(context: RunContext[Job], sql: str) -> str:
    """Checks a statement and runs it for a few rows."""
    return await _shown(context.deps, "try_sql", {"sql": sql}, _tried(context.deps, sql))


async def search_documents(context: RunContext[Job], words: str) -> str:
    """Finds passages of the documents by words. Ask again in other words, or in the documents' language, where they do
    not answer."""
    return await _shown(context.deps, "search_documents", {"words": words}, _read(context.deps, words))


async def _where_tables(context: RunContext[Job], tool: ToolDefinition) -> ToolDefinition | None:
    return tool if context.deps.catalog.tables else None


async def _where_documents(context: RunContext[Job], tool: ToolDefinition) -> ToolDefinition | None:
    return tool if context.deps.library is not None else None


TOOLS: tuple[Tool[Job], ...] = (
    *(Tool(tool, prepare=_where_tables) for tool in (search_schema, describe_table, sample_values, try_sql)),
    Tool(search_documents, prepare=_where_documents),
)


def advice(error: ProsaError, catalog: Catalog) -> str:
    """An error as a model needs it: what is wrong, and the names that come nearest."""
    words = [error.sentence("en"), error.hint("en")]
    wrong = str(error.values.get("what", ""))
    names = {table.name for table in catalog.tables} | {
        f"{table.name}.{column.name}" for table in catalog.tables for column in table.columns
    }
    near = [name for word in _quoted_words(wrong) for name in schema.nearest(word, names)]
    if near and isinstance(error, QueryError | QueryRefused):
        words.append(f"Nearest names: {', '.join(dict.fromkeys(near))}.")
    return " ".join(word for word in words if word)


async def _searched(job: Job, words: str) -> str:
    found = schema.search(words, job.catalog)
    if not found:
        return f"No table shares a word with {words!r}. All tables: {_names(job.catalog)}"
    return envelope.sealed("schema", [schema.described(table, job.sees) for table in found])


async def _described(job: Job, name: str) -> str:
    table = job.catalog.table(name)
    return _no_table(job, name) if table is None else envelope.sealed("table", schema.described(table, job.sees))


async def _sampled(job: Job, name: str, column: str, like: str) -> str:
    if job.sees != "preview":
        return "Values of the data may not be shown to you."
    table = job.catalog.table(name)
    if table is None:
        return _no_table(job, name)
    known = table.column(column)
    if known is None:
        return f"{table.name} has no column {column!r}. Nearest: {', '.join(_near_columns(table, column))}."
    what, from_ = quoted(known.name), quoted(table.name)
    pattern = like.replace("'", "''").lower()
    where = f" WHERE lower(CAST({what} AS VARCHAR)) LIKE '%{pattern}%'" if like else ""
    sql = (
        f"SELECT {what} AS value, COUNT(*) AS times FROM {from_}{where} GROUP BY 1 ORDER BY 2 DESC LIMIT {_MOST_VALUES}"  # noqa: S608 - the guard is behind it
    )
    found = await job.rows(sql, _MOST_VALUES)
    return envelope.sealed("values", envelope.rows(found.head))


async def _tried(job: Job, sql: str) -> str:
    if job.sees == "schema":
        await job.guarded(sql)
        return "The statement is valid."
    return envelope.sealed("result", envelope.result(await _run(job, sql), job.sees))


async def _run(job: Job, sql: str) -> Result:
    """The first rows. What an engine says of a statement that fails on its data may hold a value of them."""
    if job.sees == "preview":
        return await job.rows(sql)
    await job.guarded(sql)
    try:
        return await job.rows(sql)
    except QueryError as error:
        raise QueryError("query_values") from error


async def _read(job: Job, words: str) -> str:
    if job.library is None:
        return "There are no documents to look into."
    found = await job.library.search(words)
    if not found:
        return f"No passage of the documents shares a word with {words!r}."
    return envelope.passages({job.known(one): one for one in found})


async def _shown(job: Job, tool: str, given: dict[str, Any], work: Awaitable[str]) -> str:
    """The tool's answer, with its call and return in the log of the run; an error of ours is an answer, too."""
    call = secrets.token_hex(6)
    job.show(ToolCalled(call, tool, {name: _bounded(value) for name, value in given.items()}))
    try:
        answer, failed = await work, False
    except ProsaError as error:
        answer, failed = advice(error, job.catalog), True
    job.show(ToolReturned(call, tool, _bounded(answer), failed))
    return answer


def _bounded(value: Any) -> Any:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return value if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def _names(catalog: Catalog) -> str:
    names = [table.name for table in catalog.tables]
    return ", ".join(names[:200]) + (f" and {len(names) - 200} more" if len(names) > 200 else "")


def _no_table(job: Job, name: str) -> str:
    near = schema.nearest(name, (table.name for table in job.catalog.tables))
    return f"There is no table {name!r}. Nearest: {', '.join(near) or 'none'}."


def _near_columns(table: TableInfo, column: str) -> list[str]:
    return schema.nearest(column, (one.name for one in table.columns)) or [one.name for one in table.columns[:20]]


def _quoted_words(text: str) -> list[str]:
    """The names that an engine's words put in quotes, or the text itself where it is one name."""
    marks = text.replace("'", '"').split('"')
    return marks[1::2][:3] if len(marks) > 2 else [text] if text and " " not in text.strip() else []
