"""What planner and speaker share of one run, and the one door to the engines that a model's statements go through."""

from __future__ import annotations

import secrets
from typing import Literal, Protocol

import msgspec

from prosa.analysts.base import Library, Selection
from prosa.documents.answering import Cited
from prosa.events import Event
from prosa.question import Context, Question
from prosa.results import Result
from prosa.sources.base import Catalog, Database, GuardedQuery

Sees = Literal["schema", "aggregates", "preview"]
"""What of the data may reach the model: names and types alone; also figures over whole columns; also single rows."""

TRIAL_ROWS = 5
TRIAL_SECONDS = 10.0


class ModelChoice(msgspec.Struct, frozen=True):
    """Which model: `name` as `provider:model`; `url` of a server that speaks OpenAI's Chat Completions, if it is not
    the provider's own. Keys come from the environment alone and are no part of this."""

    name: str
    url: str = ""


class Trials(Protocol):
    """Tries guarded statements on the engine. The workers are one."""

    async def dry_run(self, query: GuardedQuery, database: Database) -> None: ...

    async def query(
        self,
        query: GuardedQuery,
        database: Database,
        *,
        result_id: str,
        time_limit: float,
        row_limit: int | None = None,
    ) -> Result: ...


class Job(msgspec.Struct, frozen=True):
    """One question on its way to the model: who asks what, in which locale, and what may be shown of the data.
    `selection` and `trials` are there while it is planned; words need results alone. `passages` are those that the
    model was shown, by the ids that it knows them by; `tried` the statements that guard and engine have taken."""

    question: Question
    context: Context
    locale: str
    sees: Sees
    selection: Selection | None = None
    trials: Trials | None = None
    passages: dict[str, Cited] = {}
    tried: dict[str, GuardedQuery] = {}

    @property
    def library(self) -> Library | None:
        """The documents that may be looked into, where their words may reach the model."""
        return self.selection.library if self.selection is not None and self.sees == "preview" else None

    @property
    def database(self) -> Database:
        """The database that is asked."""
        assert self.selection is not None, "the speaker asks no database"
        return self.selection.database

    @property
    def catalog(self) -> Catalog:
        """Its tables."""
        return self.database.catalog

    async def guarded(self, sql: str) -> GuardedQuery:
        """The statement after guard and EXPLAIN, once a run. QueryRefused, QueryError."""
        from prosa.sources.guard import check

        assert self.selection is not None, "the speaker asks no database"
        assert self.trials is not None, "the speaker asks no database"
        if sql not in self.tried:
            found = check(sql, self.selection.grant)
            await self.trials.dry_run(found, self.database)
            self.tried[sql] = found
        return self.tried[sql]

    async def rows(self, sql: str, most: int = TRIAL_ROWS) -> Result:
        """The first rows of a statement, after guard and EXPLAIN. QueryRefused, QueryError, TimeLimit, MemoryLimit."""
        query = await self.guarded(sql)
        assert self.trials is not None, "the speaker asks no database"
        return await self.trials.query(
            query, self.database, result_id=secrets.token_hex(16), time_limit=TRIAL_SECONDS, row_limit=most
        )

    def known(self, cited: Cited) -> str:
        """The id that the model knows a passage by, the same whenever it is found."""
        place = (cited.document.id, cited.found.place)
        for id, one in self.passages.items():
            if (one.document.id, one.found.place) == place:
                return id
        id = f"p{len(self.passages) + 1}"
        self.passages[id] = cited
        return id

    def show(self, event: Event) -> None:
        """Puts an event of the analyst's own into the run's log, where there is one."""
        if self.context.emit is not None:
            self.context.emit(event)
