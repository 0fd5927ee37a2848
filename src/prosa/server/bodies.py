"""The bodies of requests, strict: unknown fields are refused with the nearest valid one, nothing is converted."""

from __future__ import annotations

import difflib
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from prosa.config import Settings
from prosa.question import Question


class Body(BaseModel):
    """Base of all bodies."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _known_fields(cls, value: Any) -> Any:
        unknown = (
            next((name for name in value if name not in cls.model_fields), None) if isinstance(value, dict) else None
        )
        if unknown is None:
            return value
        near = difflib.get_close_matches(str(unknown), cls.model_fields, 1)
        kind = "extra_forbidden_near" if near else "extra_forbidden"
        raise PydanticCustomError(kind, "unknown field", {"field": str(unknown)[:100], "near": "".join(near)})


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("date_form", "not a date")


def _said(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "only spaces")
    return value


Said = Annotated[str, AfterValidator(_said)]
"""Words of a person, of which there must be some."""

Day = Annotated[date, BeforeValidator(_day)]
Names = Annotated[list[str], Field(max_length=100)]
DocumentNames = Annotated[list[str], Field(max_length=2_000)]
"""As many as a folder of documents may hold."""


class Ask(Body):
    """A question."""

    question: str = Field(description="In English or Portuguese, or one SQL statement.")
    sources: Names = Field(
        default=[],
        description="Ids or names of the sources to ask. Empty: all of them, or none where documents are named.",
    )
    documents: DocumentNames = Field(
        default=[],
        description="Ids or names of the documents to ask. Empty: all of them, or none where sources are named.",
    )
    locale: str | None = Field(default=None, max_length=35, description="A language tag; else the question's own.")
    analyst: str | None = Field(default=None, max_length=100)
    as_of: Day | None = Field(default=None, description="The day that the question's «today» means.")
    replies_to: str | None = Field(default=None, max_length=100, description="The run that asked back.")
    limit: int | None = Field(default=None, ge=1, description="At most so many rows.")

    def to_question(self, settings: Settings) -> Question:
        return Question(
            self.question,
            locale=self.locale or settings.locale or None,
            analyst=self.analyst or settings.analyst,
            sources=tuple(self.sources),
            documents=tuple(self.documents),
            as_of=self.as_of,
            replies_to=self.replies_to,
            limit=self.limit,
        )


class Statement(Body):
    """SQL that a person wrote or edited."""

    sql: str
    source: str = Field(default="", description="The source's id or name; empty: all of them.")
    locale: str | None = Field(default=None, max_length=35)
    limit: int | None = Field(default=None, ge=1)
    replies_to: str | None = Field(default=None, max_length=100)
    conversation: str | None = Field(default=None, max_length=100)

    def to_question(self, settings: Settings) -> Question:
        return Question(
            self.sql,
            locale=self.locale or settings.locale or None,
            analyst=settings.analyst,
            sources=(self.source,) if self.source else (),
            replies_to=self.replies_to,
            sql=self.sql,
            limit=self.limit,
        )


class Share(Body):
    group: str = Field(max_length=100, description="A group of the caller's; empty: for the caller alone.")


class NewConversation(Body):
    title: str = Field(default="", max_length=200)


class Rename(Body):
    title: Said = Field(min_length=1, max_length=200)


class NewPin(Body):
    question: Said = Field(min_length=1, max_length=8000)


class SignIn(Body):
    token: str = Field(max_length=1000)
