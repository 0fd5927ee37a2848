"""The second stage: the database that the question is put to, and what this person may read of it."""

from __future__ import annotations

from typing import Protocol

from prosa.analysts.base import Classification, Selection
from prosa.identity import Principal
from prosa.pipeline.stage import Running
from prosa.question import Context, Question
from prosa.sources.base import Catalog, Database, Grant
from prosa.workers.pool import Progress


class Databases(Protocol):
    """Opens the sources of a principal as one database."""

    def any(self, principal: Principal) -> bool: ...

    async def open(
        self, principal: Principal, sources: tuple[str, ...] = (), on_progress: Progress | None = None
    ) -> Database: ...


NO_DATA = Database("duckdb", (), (), Catalog("duckdb", (), ""))
"""Where there are documents alone, or rows that no source of ours gave."""


async def select(
    question: Question, context: Context, classification: Classification, databases: Databases, stage: Running
) -> Selection:
    """Opens the database, reading its files first where they are new or have changed. SourceError, AccessError."""
    database = await databases.open(context.principal, question.sources, on_progress=stage.progress)
    return of(database, classification)


def of(database: Database, classification: Classification) -> Selection:
    """All of a database."""
    return Selection(database, Grant.everything(database.catalog), classification)
