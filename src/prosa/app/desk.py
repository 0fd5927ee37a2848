"""The one place where the parts are put together: a `Desk` answers questions about its sources."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from prosa.config import Settings
from prosa.events import Entry
from prosa.identity import LOCAL, Principal
from prosa.question import Answerer, Question

if TYPE_CHECKING:
    from prosa.workers.pool import Export, Page, PageRequest, Workers


class Desk:
    """Workers, databases, results, conversations and runs over one set of sources; an async context manager.

    `sources` are (name, location) pairs; `answerer` replaces the staged pipeline; with `keep`, conversations are kept
    in `settings.data_dir`.
    """

    settings: Settings
    workers: Workers
    databases: Any
    results: Any
    conversations: Any
    runs: Any

    def __init__(
        self,
        settings: Settings,
        sources: Iterable[tuple[str, str]] = (),
        *,
        answerer: Answerer | None = None,
        keep: bool = False,
    ) -> None:
        self.settings = settings
        self._sources = tuple(sources)
        self._answerer = answerer
        self._keep = keep

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    async def start(
        self,
        question: str | Question,
        *,
        principal: Principal = LOCAL,
        conversation: str | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Starts a run and returns it at once. UsageError, BusyError."""
        raise NotImplementedError

    def ask(
        self, question: str | Question, *, principal: Principal = LOCAL, conversation: str | None = None
    ) -> AsyncIterator[Entry]:
        """The entries of a new run as they come; leaving early cancels it."""
        raise NotImplementedError

    async def page(self, principal: Principal, result_id: str, request: PageRequest) -> Page:
        """A window over a result that the principal owns. AccessError."""
        raise NotImplementedError

    def export(self, principal: Principal, result_id: str, format: str, options: dict[str, Any]) -> Export:
        """All rows of a result that the principal owns, in a format. AccessError, UsageError."""
        raise NotImplementedError
