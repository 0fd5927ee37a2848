"""A question that the documents are asked: alone, before the data, or for their half of it."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import msgspec

from prosa.analysts.base import Classification
from prosa.events import Completed
from prosa.pipeline.documents import Papers, halves, lists, tell_list
from prosa.pipeline.select import NO_DATA, of
from prosa.pipeline.stage import running

if TYPE_CHECKING:
    from prosa.pipeline.answering import Answering


class AskingDocuments:
    """One such question; `work` lends its stages."""

    def __init__(self, work: Answering, classification: Classification, papers: Papers) -> None:
        self.work, self.classification, self.papers = work, classification, papers

    async def run(self) -> bool:
        """Emits what the documents say. False, and nothing is emitted, where they are not what was asked for."""
        text, data = self.work.question.text, self.work.asks_data()
        if self.classification.intent == "catalog" and (not data or lists(text)):
            await self._list()
        elif not data:
            await self._select()
            await self.papers.look(text)
            await self._tell_or_ask()
        elif halves(text) or self.classification.intent == "documents":
            await self._beside_data()
        else:
            return False
        return True

    async def _beside_data(self) -> None:
        """The documents first; the data for their half of the question, or where the documents don't say."""
        work, papers = self.work, self.papers
        parts = halves(work.question.text)
        selection = await work.select(self.classification, papers)
        await papers.look(parts.documents if parts else work.question.text)
        if parts is not None and (papers.reply.answered or work.analyst.reads == "never"):
            work.question = msgspec.structs.replace(work.question, text=parts.data)
            await work.finish(selection, await work.plan(selection), papers)
        elif papers.reply.answered:
            await self.tell()
        else:
            await work.from_data(selection, papers)

    async def _tell_or_ask(self) -> None:
        """What documents alone say; where the search finds no answer, the analyst may look by itself."""
        if self.papers.reply.answered or self.work.analyst.reads == "never":
            await self.tell()
        else:
            await self.work.from_data(of(NO_DATA, self.classification), self.papers)

    async def _select(self) -> None:
        with running("select", self.work.emit) as stage:
            await self.papers.open(stage.progress)
            stage.summary = self.papers.counted

    async def _list(self) -> None:
        await self._select()
        papers = self.papers
        with running("respond", self.work.emit):
            async with self.work.speech(papers.locale) as speech:
                tell_list(papers.infos, papers.locale, speech.say)

    async def tell(self, more: str = "") -> None:
        """The stages that follow where documents answer, or where they don't say; `more` is said at the end."""
        papers, work = self.papers, self.work
        with running("execute", work.emit) as stage:
            papers.show(work.emit)
            stage.summary = papers.summary
        with running("respond", work.emit):
            async with work.speech(papers.locale, (), papers) as speech:
                papers.tell(speech.say)
                speech.pause()
                speech.say(more)
        if not papers.reply.answered and not more:
            work.emit(Completed("refused", round((perf_counter() - work.begun) * 1000, 3)))
