"""The bodies of protocols that other people's clients speak: typed strictly, but what we don't need is passed over."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from prosa.config import Settings
from prosa.question import Question
from prosa.server.bodies import Day, DocumentNames, Names

Id = Annotated[str, Field(max_length=200)]


class ForeignBody(BaseModel):
    """Base of these bodies."""

    model_config = ConfigDict(extra="ignore", strict=True)


class Part(ForeignBody):
    """A part of a message; only words are read."""

    type: str
    text: str = ""


def words(content: str | list[Part] | None) -> str:
    """What a message says, whole or in parts."""
    if isinstance(content, list):
        return "\n".join(part.text for part in content if part.type == "text")
    return content or ""


class Options(ForeignBody):
    """What a client may say about its question."""

    locale: str | None = Field(default=None, max_length=35)
    sources: Names | None = None
    documents: DocumentNames | None = None
    analyst: str | None = Field(default=None, max_length=100)
    as_of: Day | None = None
    limit: int | None = Field(default=None, ge=1)

    def to_question(self, text: str, settings: Settings) -> Question:
        return Question(
            text,
            locale=self.locale or settings.locale or None,
            analyst=self.analyst or settings.analyst,
            sources=tuple(self.sources or ()),
            documents=tuple(self.documents or ()),
            as_of=self.as_of,
            limit=self.limit,
        )


class PipelineRequest(ForeignBody):
    """A question to the pipeline. `session_id` keeps questions of one conversation together; `user_id` counts only
    where nobody signs in."""

    request: str
    context: Options | None = None
    user_id: Id | None = None
    session_id: Id | None = None

    def to_question(self, settings: Settings) -> Question:
        return (self.context or Options()).to_question(self.request, settings)
