"""What a model answers with: a plan, a question back or a refusal, as types that it must fill in."""

from __future__ import annotations

from typing import Annotated, Literal

from annotated_types import Len
from pydantic import BaseModel, ConfigDict, Field

ChartKind = Literal["", "bar", "hbar", "line", "area", "pie", "scatter", "histogram"]

FileFormat = Literal[
    "csv", "tsv", "xlsx", "json", "ndjson", "xml", "parquet", "arrow", "markdown", "html", "png", "svg", "pdf", "zip"
]
"""Formats of a table, of its chart, and of the whole answer (zip)."""

_Line = Annotated[str, Field(max_length=500)]


class _Draft(BaseModel):
    model_config = ConfigDict(frozen=True)


class DraftQuery(_Draft):
    """One statement."""

    sql: str = Field(max_length=20_000, description="One SELECT or WITH … SELECT.")
    titles: list[_Line] = Field(
        default_factory=list, max_length=200, description="Column titles for people, in the order of the columns."
    )


class DraftPlan(_Draft):
    """What to run."""

    reading: _Line = Field(description="One plain sentence: what the statements compute.")
    queries: Annotated[list[DraftQuery], Len(0, 3)] = Field(
        default_factory=list, description="None where passages of documents answer alone."
    )
    passages: list[str] = Field(
        default_factory=list, max_length=8, description="Ids of the passages that answer, the most important first."
    )
    chart: ChartKind = Field(default="", description="Only where a chart was asked for or tells more than the table.")
    chart_title: _Line = ""
    exports: list[FileFormat] = Field(
        default_factory=list,
        max_length=5,
        description="Files that the question asks for, and none else: xlsx for a spreadsheet, zip for everything.",
    )
    look_again: bool = Field(default=False, description="Whether a further statement depends on these results.")


class DraftOption(_Draft):
    """One way to understand the question."""

    label: _Line
    question: str = Field(max_length=2_000, description="The whole question, reworded so that it has this one meaning.")


class AskBack(_Draft):
    """A question back where two readings are equally likely."""

    question: _Line
    options: Annotated[list[DraftOption], Len(2, 4)]


class Decline(_Draft):
    """An honest no."""

    reason: Literal["not_in_data", "not_about_data", "wants_to_change_data", "forecast"]
    words: str = Field(max_length=2_000, description="What is missing, and the nearest thing that could be answered.")


class NothingMore(_Draft):
    """No further statement is needed."""
