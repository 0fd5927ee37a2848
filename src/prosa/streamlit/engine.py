"""`Engine`: what the pages need, whether the parts are in this process (`local`) or behind a server (`remote`).

Every method blocks, may be called from any thread, and raises ProsaError.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from prosa.app.summaries import DocumentSummary, SourceSummary
from prosa.conversations.values import Conversation, ConversationDetail
from prosa.identity import Principal
from prosa.question import Answerer, Question
from prosa.sources.base import Catalog
from prosa.streamlit.run import Stream


class Engine(Protocol):
    """All methods act for their principal alone."""

    def examples(self, principal: Principal, locale: str) -> Sequence[str]:
        """Questions that can be put to the data."""

    def ask(
        self, principal: Principal, question: Question, conversation: str | None, answerer: Answerer | None
    ) -> Stream:
        """Starts a run; `answerer` takes the engine's own place."""

    def sources(self, principal: Principal, locale: str) -> list[SourceSummary]:
        """What can be asked."""

    def catalog(self, principal: Principal, source_id: str) -> Catalog:
        """The tables of a source."""

    def documents(self, principal: Principal, locale: str) -> list[DocumentSummary]:
        """Which documents can be asked."""

    def remove_document(self, principal: Principal, document_id: str) -> None:
        """Takes a document away that the principal has brought."""

    def upload(self, principal: Principal, name: str, data: bytes, locale: str) -> SourceSummary | DocumentSummary:
        """Makes a file a source or a document of the principal's own; which, its content decides."""

    def remove_source(self, principal: Principal, source_id: str) -> None:
        """Takes such a file away."""

    def new_conversation(self, principal: Principal, title: str) -> str | None:
        """The id of a new conversation; None where none are kept."""

    def conversations(self, principal: Principal, search: str) -> list[Conversation]:
        """The last used first."""

    def conversation(self, principal: Principal, conversation_id: str) -> ConversationDetail:
        """With its turns."""

    def delete_conversation(self, principal: Principal, conversation_id: str) -> None:
        """For good."""

    def holds(self, principal: Principal, item_id: str) -> bool:
        """Whether a result or file can still be fetched, as far as that is known without asking."""

    def export(self, principal: Principal, result_id: str, format: str, locale: str) -> bytes:
        """Every row of a result, for a person."""

    def bundle(self, principal: Principal, run_id: str, locale: str) -> bytes:
        """Everything of an answer as one zip."""

    def file(self, principal: Principal, file_id: str) -> bytes:
        """A finished file; one that an agent's tool made is then forgotten. AccessError `file_gone`."""
