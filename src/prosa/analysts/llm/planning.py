"""The model as planner: a structured answer, whose statements guard and engine have seen before anybody else does."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from pydantic_ai import Agent, ModelRetry, RunContext, ToolOutput
from pydantic_ai.models import Model

from prosa.analysts.base import Plan, PlannedQuery, Refusal
from prosa.analysts.llm import envelope, schema
from prosa.analysts.llm.budget import Budget
from prosa.analysts.llm.calling import called
from prosa.analysts.llm.drafts import AskBack, Decline, DraftPlan, NothingMore
from prosa.analysts.llm.job import Job
from prosa.analysts.llm.prompts import prompt
from prosa.analysts.llm.sentences import harmless
from prosa.analysts.llm.tools import TOOLS, advice
from prosa.charts.style import ChartWish
from prosa.errors import ProsaError
from prosa.events import Clarification, Option
from prosa.question import Turn
from prosa.results import Result
from prosa.sources.base import Catalog

LANGUAGES = {"en": "English", "pt-BR": "Brazilian Portuguese"}
_TURNS = 3
_LONGEST_TURN = 500


class Planner:
    """Asks the model what to run. ModelError where the model fails or its budget ends."""

    def __init__(self, model: Model, budget: Budget) -> None:
        self._budget = budget
        self._first: Agent[Job, DraftPlan | AskBack | Decline] = Agent(
            model,
            output_type=[
                ToolOutput(DraftPlan, name="plan"),
                ToolOutput(AskBack, name="ask_back"),
                ToolOutput(Decline, name="refuse"),
            ],
            deps_type=Job,
            instructions=_instructions,
            tools=TOOLS,
            retries=budget.repairs,
            name="planner",
        )
        self._second: Agent[Job, DraftPlan | NothingMore] = Agent(
            model,
            output_type=[ToolOutput(DraftPlan, name="plan"), ToolOutput(NothingMore, name="enough")],
            deps_type=Job,
            instructions=_instructions,
            tools=TOOLS,
            retries=budget.repairs,
            name="planner",
        )
        self._first.output_validator(_valid_first)
        self._second.output_validator(_valid_second)

    async def plan(self, job: Job) -> Plan | Clarification | Refusal:
        """The plan for a question."""
        catalog = job.catalog
        shown = schema.chosen(job.question.text, catalog)
        words = prompt(
            "question",
            schema=envelope.sealed("schema", [schema.described(table, job.sees) for table in shown]),
            more_tables=_more(catalog, len(shown)),
            documents=await _documents(job),
            history=_history(job),
            question=job.question.text,
        )
        return _settled(await called(self._first, words, job, self._budget), job)

    async def revise(self, job: Job, plan: Plan, results: Sequence[Result]) -> Plan | None:
        """One more plan after the first results; None where nothing more is needed."""
        shown = schema.chosen(job.question.text, job.catalog)
        for cited in plan.cited:
            job.known(cited)
        words = prompt(
            "revise",
            schema=envelope.sealed("schema", [schema.described(table, job.sees) for table in shown]),
            question=job.question.text,
            statements=envelope.sealed("sql", [query.sql for query in plan.queries]),
            results=envelope.results(results, job.sees),
        )
        found = await called(self._second, words, job, self._budget)
        settled = _settled(found, job) if isinstance(found, DraftPlan) else None
        if not isinstance(settled, Plan):
            return None
        before = {(one.document.id, one.found.place) for one in plan.cited}
        new = tuple(one for one in settled.cited if (one.document.id, one.found.place) not in before)
        return msgspec.structs.replace(settled, cited=new)


async def _valid_first(context: RunContext[Job], found: DraftPlan | AskBack | Decline) -> DraftPlan | AskBack | Decline:
    await _tried(context.deps, found)
    return found


async def _valid_second(context: RunContext[Job], found: DraftPlan | NothingMore) -> DraftPlan | NothingMore:
    await _tried(context.deps, found)
    return found


async def _tried(job: Job, found: object) -> None:
    """Sends a plan back to the model, with what is wrong, until guard and engine take its statements."""
    if isinstance(found, DraftPlan):
        _checked(job, found)
    for place, query in enumerate(found.queries if isinstance(found, DraftPlan) else (), 1):
        try:
            await job.guarded(query.sql)
        except ProsaError as error:
            raise ModelRetry(f"Query {place} can't run: {advice(error, job.catalog)}") from None


def _checked(job: Job, found: DraftPlan) -> None:
    if found.queries and not job.catalog.tables:
        raise ModelRetry("There are no tables here: answer from passages of the documents.")
    if not found.queries and not found.passages:
        raise ModelRetry("A plan needs a query, or passages that answer.")
    unknown = [id for id in found.passages if id not in job.passages]
    if unknown:
        known = ", ".join(job.passages) or "none; find some with `search_documents`"
        raise ModelRetry(f"There is no passage {', '.join(unknown)}. Those that you have seen: {known}.")


async def _documents(job: Job) -> str:
    """Which documents there are, where they may be looked into."""
    infos = await job.library.listed() if job.library is not None else ()
    return envelope.documents(infos) if infos else ""


# A coroutine, because pydantic-ai calls plain functions in a thread.
async def _instructions(context: RunContext[Job]) -> str:
    job = context.deps
    today = job.question.as_of.isoformat() if job.question.as_of else "unknown"
    return prompt("plan", today=today, dialect=job.database.dialect, language=LANGUAGES[job.locale])


def _settled(found: DraftPlan | AskBack | Decline, job: Job) -> Plan | Clarification | Refusal:
    """The draft as ours; a stranger's data may have put an address into any of its words."""
    if isinstance(found, AskBack):
        options = tuple(Option(harmless(one.label), harmless(one.question)) for one in found.options)
        return Clarification(harmless(found.question), options)
    if isinstance(found, Decline):
        return Refusal(found.reason, harmless(found.words), doubted=True)
    return Plan(
        queries=tuple(PlannedQuery(query.sql, tuple(map(harmless, query.titles))) for query in found.queries),
        reading=harmless(found.reading),
        chart=ChartWish(found.chart, harmless(found.chart_title)) if found.chart else None,
        exports=tuple(found.exports),
        cited=tuple(job.passages[id] for id in dict.fromkeys(found.passages)),
        tried=job.tried,
        meaning=found.look_again,
    )


def _more(catalog: Catalog, shown: int) -> str:
    rest = len(catalog.tables) - shown
    return f"{rest} more tables are not listed; find them with `search_schema`." if rest > 0 else ""


def _history(job: Job) -> str:
    """The last turns, oldest first, as far as the model may see them."""
    turns = job.context.history[-_TURNS:]
    return envelope.sealed("conversation", [_turn(turn, job) for turn in turns]) if turns else ""


def _turn(turn: Turn, job: Job) -> dict[str, str | None]:
    seen = {
        "question": turn.question[:_LONGEST_TURN],
        "sql": envelope.statement(turn.answer.sql, job.database.dialect, job.sees),
    }
    if job.sees == "preview":
        seen["answer"] = turn.answer.text[:_LONGEST_TURN]
    return seen
