"""Somebody's own agent in the place of the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prosa.question import Answerer, Context, Emit, Question

if TYPE_CHECKING:
    from prosa.app.desk import Desk


class Agent:
    """An answerer whose tools find the waiting files of whoever asks bound, and the desk to work at."""

    def __init__(self, answerer: Answerer, desk: Desk) -> None:
        self._answerer, self._desk = answerer, desk

    async def answer(self, question: Question, context: Context, emit: Emit) -> None:
        from prosa.exports.downloads import PendingDownloads, bound_downloads

        desk, principal = self._desk, context.principal
        with bound_downloads(PendingDownloads(desk.results, principal, desk=desk, locale=question.locale, emit=emit)):
            await self._answerer.answer(question, context, emit)
