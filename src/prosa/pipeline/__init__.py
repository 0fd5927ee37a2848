"""The staged pipeline: classify, select, plan, execute, respond. What each stage does lives in its own file.

question ─▶ classify ─▶ select ─▶ plan ─▶ execute ─▶ respond
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import msgspec

from prosa.analysts.base import Analyst
from prosa.charts.style import Template
from prosa.pipeline.answering import Answering, Parts, Results, Workers
from prosa.pipeline.classify import checked
from prosa.pipeline.documents import Documents
from prosa.pipeline.plan import chosen
from prosa.pipeline.select import Databases
from prosa.question import Context, Emit, Question

__all__ = ["Databases", "Documents", "Results", "StagedPipeline", "Workers"]


class StagedPipeline:
    """An `Answerer` of five stages.

    `time_limit` is in seconds for one statement, `question_limit` in characters; `today` is the clock for relative
    dates where the question has none of its own; `version` goes into the provenance of results;
    `template` is the look of charts.
    """

    def __init__(
        self,
        *,
        workers: Workers,
        databases: Databases,
        analysts: Mapping[str, Analyst],
        results: Results,
        documents: Documents | None = None,
        time_limit: float = 30.0,
        question_limit: int = 8000,
        version: str = "",
        template: Template | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._parts = Parts(workers, databases, results, documents, time_limit, version, template or Template())
        self._analysts = dict(analysts)
        self._question_limit = question_limit
        self._today = today

    async def answer(self, question: Question, context: Context, emit: Emit) -> None:
        """Answers in events. Every ProsaError is the run's to tell."""
        analyst = chosen(self._analysts, question.analyst)
        text = checked(question, self._question_limit)
        settled = msgspec.structs.replace(question, text=text, as_of=question.as_of or self._today())
        await Answering(self._parts, analyst, settled, context, emit).run()
