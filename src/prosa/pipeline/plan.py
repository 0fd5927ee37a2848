"""The third stage: the analyst's plan, or the person's own SQL, guarded and dry-run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from prosa import locales
from prosa.analysts.base import Analyst, Plan, PlannedQuery, Refusal, Selection
from prosa.errors import ProsaError, QueryRefused, UsageError
from prosa.events import Clarification, Interpreted, QueryFailed, Sql
from prosa.question import Context, Emit, Question
from prosa.sources import showing
from prosa.sources.base import Database, GuardedQuery


class DryRuns(Protocol):
    """Asks an engine whether a statement can run."""

    async def dry_run(self, query: GuardedQuery, database: Database) -> None: ...


class ReadyQuery(msgspec.Struct, frozen=True):
    """A planned statement that passed the guard and the engine's own look, under the id that events give it."""

    query_id: str
    planned: PlannedQuery
    guarded: GuardedQuery


def chosen(analysts: Mapping[str, Analyst], name: str) -> Analyst:
    """The analyst of that name; `auto` is the rules where nothing else stands under it. UsageError: no such analyst."""
    found = analysts.get(name) or (analysts.get("rules") if name == "auto" else None)
    if found is None and name == "llm":
        raise UsageError("analyst_no_model")
    if found is None:
        raise UsageError("analyst_unknown", name=name, known=", ".join(sorted(analysts)))
    return found


async def plan(
    question: Question, context: Context, selection: Selection, analyst: Analyst
) -> Plan | Clarification | Refusal:
    """What to run. A statement that a person wrote is its own plan."""
    if selection.classification.intent == "sql":
        reading = locales.text("answers.reading_sql", selection.classification.locale)
        sql = question.sql or question.text
        return Plan((PlannedQuery(showing.on_catalog(sql, selection.database.catalog) or sql),), reading)
    return await analyst.plan(question, context, selection)


def both(first: Plan, second: Plan) -> Plan:
    """The second plan with the passages of the first, and its chart and files where the second names none."""
    return msgspec.structs.replace(
        second,
        chart=second.chart or first.chart,
        exports=second.exports or first.exports,
        cited=(*first.cited, *second.cited),
    )


def tell(plan: Plan, emit: Emit) -> None:
    """Shows how the question was read and what is worth knowing about it."""
    emit(Interpreted(plan.reading, plan.unknown, plan.confidence))
    for notice in plan.notices:
        emit(notice)


async def ready(
    made: Plan, selection: Selection, workers: DryRuns, emit: Emit, first: int = 1
) -> tuple[ReadyQuery, ...]:
    """Guards and dry-runs a plan's statements, but those that were tried; each is shown before it is run. QueryRefused,
    QueryError."""
    from prosa.sources.guard import check

    done = []
    for number, planned in enumerate(made.queries, first):
        tried = _tried(made, planned, selection)
        guarded = tried or check(planned.sql, selection.grant)
        query = ReadyQuery(f"q{number}", planned, guarded)
        emit(Sql(query.query_id, guarded.sql, guarded.dialect, selection.database.name))
        try:
            if tried is None:
                await workers.dry_run(guarded, selection.database)
        except ProsaError as error:
            emit(failure(query, error, selection.classification.locale))
            raise
        done.append(query)
    return tuple(done)


def _tried(made: Plan, planned: PlannedQuery, selection: Selection) -> GuardedQuery | None:
    tried = made.tried.get(planned.sql)
    return tried if tried is not None and tried.grant == selection.grant.fingerprint else None


def failure(query: ReadyQuery, error: ProsaError, locale: str) -> QueryFailed:
    """The event for a statement that an engine would not run."""
    return QueryFailed(query.query_id, error.code, error.sentence(locale))


def refused(error: QueryRefused, locale: str) -> Refusal:
    """The guard's no to a statement that a person wrote, as an answer."""
    words = " ".join(part for part in (error.sentence(locale), error.hint(locale)) if part)
    return Refusal(error.code, words)
