"""A message that is nothing but a wish about the last answer: the chart drawn otherwise, a file of it. No analyst is
asked; the query runs again only where its result has expired."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from prosa import locales
from prosa.analysts.base import Classification, Plan, Refusal, Say, Selection
from prosa.answer import Answer, Query
from prosa.charts.recommend import kind
from prosa.charts.style import ChartWish
from prosa.conversations.export import MEDIA_TYPES
from prosa.errors import AccessError
from prosa.events import Chart, FileReady, Notice
from prosa.exports.names import file_name
from prosa.exports.store import StoredResult
from prosa.pipeline import files
from prosa.pipeline.execute import chart, preview
from prosa.pipeline.files import Material
from prosa.pipeline.last import Last, last
from prosa.pipeline.stage import Running, running
from prosa.pipeline.wishes import PICTURES, Wishes
from prosa.question import Context

if TYPE_CHECKING:
    from prosa.pipeline.answering import Answering, Planned

_CONVERSATION_FORMATS = {"markdown": "md", "txt": "txt", "json": "json", "zip": "zip"}


class Again:
    """One such message; `work` lends its stages."""

    def __init__(self, work: Answering, classification: Classification) -> None:
        self.work, self.wishes, self.context = work, work.wishes, work.context
        self.classification, self.locale = classification, classification.locale

    async def run(self) -> None:
        """Emits what there is to see and say."""
        before = last(self.context)
        if self.wishes.of == "conversation":
            await self._take_conversation()
        elif before is None:
            await self.work.refuse(
                Refusal("nothing_yet", locales.text("answers.nothing_yet", self.locale)), self.locale
            )
        else:
            drawn, made = await self._redraw(before, await self._expired(before))
            await self._tell(drawn, made)

    async def _expired(self, before: Last) -> tuple[Selection, Planned] | None:
        """The last query, ready to run, where its result has expired; None where it is still held."""
        with suppress(AccessError):
            self.work.parts.results.get(self.context.principal, before.result_id)
            return None
        work = self.work
        work.question = msgspec.structs.replace(work.question, text=before.question, limit=before.limit)
        work.asked = before.question
        selection = await work.select(self.classification)
        notice = Notice("rerun", locales.text("answers.rerun", self.locale))
        with running("plan", work.emit) as stage:
            planned = await work.readied(Plan((before.query,), before.title, notices=(notice,)), selection)
            stage.summary = locales.text("stages.planned", self.locale, count=1, n=1)
        assert not isinstance(planned, Refusal), "only a person's own SQL is refused here"
        return selection, planned

    async def _redraw(
        self, before: Last, expired: tuple[Selection, Planned] | None
    ) -> tuple[Chart | None, Sequence[FileReady]]:
        results, principal = self.work.parts.results, self.context.principal
        with running("execute", self.work.emit) as stage:
            if expired is not None:
                (result,) = await self.work.results_of(expired[0], expired[1].queries, stage)
                before = msgspec.structs.replace(before, result_id=result.id)
            stored = results.get(principal, before.result_id)
            drawn = self._drawn(before, stored)
            made = await self._made(stored, drawn, stage) if self.wishes.export else ()
            rows = stored.result.total
            stage.summary = locales.text(
                "stages.executed", self.locale, count=rows, n=locales.number(rows, self.locale)
            )
        return drawn, made

    def _drawn(self, before: Last, stored: StoredResult) -> Chart | None:
        """The chart as it is wished now, shown where the message wishes one; None where none is needed or possible."""
        wish = (self.wishes.chart or ChartWish()).over(before.chart)
        drawn = None
        if before.drawn or self.wishes.chart is not None or _of_a_chart(self.wishes):
            drawn = chart(stored.result, wish, self.locale, before.title, self.work.parts.template)
        if drawn is not None and self.wishes.chart is not None:
            self.work.emit(drawn)
        msgspec.structs.replace(before, chart=wish, drawn=drawn is not None).remember(self.context)
        return drawn

    async def _made(self, stored: StoredResult, drawn: Chart | None, stage: Running) -> Sequence[FileReady]:
        charts = [shown for turn in self.context.history for shown in turn.answer.charts]
        if drawn is not None and self.wishes.chart is not None:
            charts.append(drawn)
        material = Material(stored, drawn, self._answer(stored, drawn), charts)
        return await self.work.files(self.locale).make(self.wishes, material, stage)

    def _answer(self, stored: StoredResult, drawn: Chart | None) -> Answer:
        """The answer that gave the result, with the chart as it is now."""
        charts = [drawn] if drawn is not None else []
        for turn in reversed(self.context.history):
            if any(table.result_id == stored.result.id for table in turn.answer.tables):
                return msgspec.structs.replace(turn.answer, charts=charts)
        origin, recipe = stored.provenance, stored.result.recipe
        query = Query("q1", origin.sql, recipe.dialect, origin.source)
        table = preview(stored.result, query.query_id)
        return Answer(
            origin.run_id, status="answered", question=origin.question, locale=self.locale,
            started_at=self.work.emit.answer.started_at, queries=[query], tables=[table], charts=charts,
        )  # fmt: skip

    async def _tell(self, drawn: Chart | None, made: Sequence[FileReady]) -> None:
        with running("respond", self.work.emit) as stage:
            async with self.work.speech(self.locale) as speech:
                if self.wishes.chart is not None:
                    tell_chart(drawn, self.wishes.chart, self.locale, speech.say)
                if made:
                    speech.say(files.told(made, self.locale))
            stage.summary = locales.text("stages.told", self.locale, count=speech.sentences, n=speech.sentences)

    async def _take_conversation(self) -> None:
        if self.context.conversation is None:
            words = locales.text("answers.no_conversation", self.locale)
            await self.work.refuse(Refusal("no_conversation", words), self.locale)
            return
        made = conversation_files(self.wishes, self.context)
        for file in made:
            self.work.emit(file)
        words = files.told(made, self.locale) if made else locales.text("answers.conversation_format", self.locale)
        async with self.work.speech(self.locale) as speech:
            speech.say(words)


def _of_a_chart(wished: Wishes) -> bool:
    return wished.of in ("chart", "charts") or bool(PICTURES.intersection(wished.formats))


def tell_chart(chart: Chart | None, wish: ChartWish, locale: str, say: Say) -> None:
    """Says what was drawn, and what that leaves out."""
    if chart is None:
        say(locales.text("answers.not_drawn", locale))
        return
    drawn = kind(chart.figure)
    if not wish.kind:
        say(locales.text("answers.drawn_again", locale))
    else:
        key = "drawn" if wish.kind == drawn else "drawn_otherwise"
        say(locales.text(f"answers.{key}", locale, wished=_kind(wish.kind, locale), kind=_kind(drawn, locale)))
    if wish.log and _hidden_by_log(chart):
        say(locales.text("answers.log_hides", locale))


def _kind(name: str, locale: str) -> str:
    return locales.text(f"answers.kind_{name}", locale, default=name)


def _hidden_by_log(chart: Chart) -> bool:
    lying = any(trace.get("orientation") == "h" for trace in chart.figure["data"])
    cells = [cell for trace in chart.figure["data"] for cell in trace.get("x" if lying else "y", ())]
    return any(isinstance(cell, int | float) and cell <= 0 for cell in cells)


def conversation_files(wished: Wishes, context: Context) -> list[FileReady]:
    """The conversation's files, which are written when they are fetched; empty where a format can't be had."""
    made = []
    for format in wished.formats or ("markdown",):
        ending = _CONVERSATION_FORMATS.get(format)
        if ending is None or context.conversation is None:
            return []
        place = f"/api/conversations/{context.conversation}"
        url = f"{place}/bundle.zip" if ending == "zip" else f"{place}/export?format={ending}"
        mime = MEDIA_TYPES.get(ending, "application/zip")
        made.append(FileReady(context.conversation, file_name("conversation", ending), mime, url))
    return made
