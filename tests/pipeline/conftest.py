"""A pipeline over a small real database, with real workers."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from prosa.analysts.rules import RulesAnalyst
from prosa.answer import Answer
from prosa.events import Entry, Event
from prosa.exports.store import Store
from prosa.identity import LOCAL, Principal
from prosa.pipeline import StagedPipeline
from prosa.question import Context, Question, Turn
from prosa.results import Provenance, Result
from prosa.sources.base import Database
from prosa.workers.databases import Databases
from prosa.workers.pool import Workers

SHOP = """
CREATE TABLE stores (store_id INTEGER PRIMARY KEY, name TEXT, country TEXT);
CREATE TABLE sales (sale_id INTEGER PRIMARY KEY, sold_on DATE, store_id INTEGER REFERENCES stores, amount REAL);
INSERT INTO stores VALUES (1, 'Centro', 'Brazil'), (2, 'Ribeira', 'Portugal');
INSERT INTO sales SELECT value, date('2025-01-01', '+' || value || ' days'), 1 + value % 2, value * 1.5
  FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 120) SELECT value FROM n);
"""


class Kept(Store):
    """The store, remembering also what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.put_in: list[tuple[Principal, Result, Provenance]] = []

    def put(self, principal: Principal, result: Result, database: Database, provenance: Provenance) -> None:
        super().put(principal, result, database, provenance)
        self.put_in.append((principal, result, provenance))


class Asking:
    """A pipeline and what it has kept; `events` answers one question."""

    def __init__(self, pipeline: StagedPipeline, kept: Kept) -> None:
        self.pipeline = pipeline
        self.kept = kept

    async def events(self, question: str | Question, context: Context | None = None) -> list[Event]:
        asked = question if isinstance(question, Question) else Question(question)
        events: list[Event] = []
        await self.pipeline.answer(asked, context or Context(LOCAL, "run-1"), events.append)
        return events


class Talk:
    """A conversation: each question knows what was said before; `answers` are the folded ones."""

    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self.turns: list[Turn] = []
        self.conversation: str | None = None

    async def say(self, text: str, **more: Any) -> Answer:
        run_id = f"run-{len(self.turns) + 1}"
        context = Context(LOCAL, run_id, self.conversation, tuple(self.turns))
        events = await self.asking.events(Question(text, **more), context)
        answer = Answer.fold(Entry(run_id, number, 1e9, event) for number, event in enumerate(events, 1))
        answer.question = text
        self.turns.append(Turn(text, answer, context.remember))
        return answer


@pytest.fixture
def talk(asking: Asking) -> Talk:
    return Talk(asking)


@pytest.fixture
def shop_file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.sqlite"
    engine = sqlite3.connect(path)
    engine.executescript(SHOP)
    engine.close()
    return path


@pytest.fixture
async def asking(shop_file: Path, tmp_path: Path) -> AsyncIterator[Asking]:
    """A pipeline whose today is 15 July 2025."""
    kept = Kept()
    async with Workers(cache_dir=tmp_path / "cache") as workers:
        pipeline = StagedPipeline(
            workers=workers,
            databases=Databases(workers, [("shop", str(shop_file))]),
            analysts={"rules": RulesAnalyst()},
            results=kept,
            version="9.9",
            today=lambda: date(2025, 7, 15),
        )
        yield Asking(pipeline, kept)


@pytest.fixture
def only() -> Callable[[list[Event], type], Any]:
    """The one event of a kind."""

    def one(events: list[Event], kind: type) -> Any:
        found = [event for event in events if isinstance(event, kind)]
        assert len(found) == 1, found
        return found[0]

    return one
