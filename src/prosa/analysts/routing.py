"""`AutoAnalyst`: the rules where they are sure, else the model; the rules again where the model fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from prosa import locales
from prosa.analysts.base import Analyst, Plan, Reads, Refusal, Say, Selection
from prosa.analysts.sure import SURE
from prosa.errors import ModelError
from prosa.events import Clarification, Notice
from prosa.question import Context, Question
from prosa.results import Result

_FINAL = frozenset({"write", "out_of_range"})
"""Refusals of the rules that no model could better."""


class _Routed(NamedTuple):
    """Whose plan it is, and what it means to them."""

    analyst: Analyst
    meaning: Any


class AutoAnalyst:
    """Two analysts as one. A plan goes on with the analyst that made it."""

    name = "auto"

    def __init__(self, rules: Analyst, model: Analyst, *, sure: float = SURE) -> None:
        self._rules = rules
        self._model = model
        self._sure = sure

    @property
    def reads(self) -> Reads:
        """The model looks into documents where the pipeline's search has found no answer."""
        return "never" if self._model.reads == "never" else "last"

    async def plan(self, question: Question, context: Context, selection: Selection) -> Plan | Clarification | Refusal:
        """The rules' plan where it is sure and leaves no word over; else the model's. Where the model fails, what the
        rules said, with a notice."""
        ruled = await self._rules.plan(question, context, selection)
        made, analyst = ruled, self._rules
        if not self._suffices(ruled):
            try:
                made, analyst = await self._model.plan(question, context, selection), self._model
            except ModelError as error:
                if not selection.database.catalog.tables:
                    raise  # of documents alone the rules can say nothing
                _tell(error, context, selection.classification.locale)
        return _routed(made, analyst) if isinstance(made, Plan) else made

    async def revise(
        self, question: Question, context: Context, selection: Selection, plan: Plan, results: Sequence[Result]
    ) -> Plan | None:
        """What the analyst of the plan asks for, if anything."""
        analyst, own = _own(plan)
        more = await analyst.revise(question, context, selection, own, results)
        return _routed(more, analyst) if more is not None else None

    async def respond(
        self, question: Question, context: Context, plan: Plan, results: Sequence[Result], locale: str, say: Say
    ) -> None:
        """The words of the analyst of the plan."""
        analyst, own = _own(plan)
        await analyst.respond(question, context, own, results, locale, say)

    def _suffices(self, ruled: Plan | Clarification | Refusal) -> bool:
        if isinstance(ruled, Plan):
            return ruled.confidence > self._sure and not ruled.unknown
        return isinstance(ruled, Refusal) and ruled.code in _FINAL


def _tell(error: ModelError, context: Context, locale: str) -> None:
    if context.emit is not None:
        words = f"{error.sentence(locale)} {locales.text('notices.rules_instead', locale)}"
        context.emit(Notice(error.code, words))


def _routed(made: Plan, analyst: Analyst) -> Plan:
    return msgspec.structs.replace(made, meaning=_Routed(analyst, made.meaning))


def _own(plan: Plan) -> tuple[Analyst, Plan]:
    assert isinstance(plan.meaning, _Routed), "the plan of another analyst"
    return plan.meaning.analyst, msgspec.structs.replace(plan, meaning=plan.meaning.meaning)
