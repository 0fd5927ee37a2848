"""What every analyst takes and gives: `Selection` in, `Plan`, `Clarification` or `Refusal` out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, TypeAlias

import msgspec

from prosa.charts.style import ChartWish
from prosa.documents.answering import Cited
from prosa.documents.index import DocumentInfo
from prosa.events import Clarification, Notice, Word
from prosa.question import Context, Question
from prosa.results import Result
from prosa.sources.base import Database, Grant, GuardedQuery

Reads = Literal["never", "first", "last"]
"""Whether an analyst looks into documents by itself: not at all (the pipeline quotes them), at once, or where the
pipeline's own search has found no answer."""

Intent = Literal["data", "catalog", "sql", "smalltalk", "documents", "chart", "export"]


class Classification(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the classify stage found out without any I/O: the answer's locale, what is wanted, and whether the question
    goes on from the last one. `reply` is the whole answer where none of the other stages is needed; `language` is the
    question's own (en, pt, es or de), which may differ from the answer's."""

    locale: str
    intent: Intent = "data"
    follow_up: bool = False
    reply: str = ""
    language: str = "en"


class Library(Protocol):
    """The documents that the person who asks may read, for an analyst that looks into them by itself."""

    async def listed(self) -> tuple[DocumentInfo, ...]: ...

    async def search(self, words: str) -> tuple[Cited, ...]: ...


class Selection(msgspec.Struct, frozen=True):
    """The database that the question is put to, and what the principal may read of it; `library` where documents may be
    looked into as well."""

    database: Database
    grant: Grant
    classification: Classification
    library: Library | None = None


class PlannedQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A statement to guard and run. `titles` renames result columns for people, in the result's order."""

    sql: str
    titles: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True, omit_defaults=True):
    """What will be run and how the question was read; `cited` are passages that the answer rests on. `tried` are its
    statements, by their text, that guard and engine have taken already while it was made. `meaning` is the analyst's
    own, for `respond`; `state` is kept with the turn (plain JSON) for follow-ups."""

    queries: tuple[PlannedQuery, ...]
    reading: str
    unknown: tuple[Word, ...] = ()
    confidence: float = 1.0
    chart: ChartWish | None = None
    exports: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    cited: tuple[Cited, ...] = ()
    tried: dict[str, GuardedQuery] = {}
    meaning: Any = None
    state: dict[str, Any] = {}


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True):
    """An honest no: a code, the words for the person, how the question was read as far as it was, the words that were
    not understood. `doubted`: numbers in its words are shown as unconfirmed unless the question has them."""

    code: str
    words: str
    reading: str = ""
    unknown: tuple[Word, ...] = ()
    doubted: bool = False


Say: TypeAlias = Callable[[str], None]
"""Hands over one finished sentence (Markdown inline only); the pipeline checks its numbers and shows it."""


class Analyst(Protocol):
    """A mind. `name` is what `Started.analyst` and `--analyst` call it."""

    name: str

    @property
    def reads(self) -> Reads: ...

    async def plan(
        self, question: Question, context: Context, selection: Selection
    ) -> Plan | Clarification | Refusal: ...

    async def revise(
        self, question: Question, context: Context, selection: Selection, plan: Plan, results: Sequence[Result]
    ) -> Plan | None:
        """One more plan that depends on first results, or None. Asked at most once a run."""

    async def respond(
        self, question: Question, context: Context, plan: Plan, results: Sequence[Result], locale: str, say: Say
    ) -> None: ...
