"""Puts a suite's questions to a desk, or takes the predictions of a file, and judges them. Every statement, gold ones
too, goes through the guard and runs in the workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import msgspec

from prosa.answer import Answer
from prosa.app import Desk
from prosa.errors import ProsaError, UsageError
from prosa.evaluation import score
from prosa.evaluation.predictions import Prediction, Status
from prosa.evaluation.suite import Case, Required, Turn
from prosa.identity import LOCAL
from prosa.results import Result
from prosa.sources import Database, Grant
from prosa.sources.guard import check, is_ordered

Skipped = Literal["", "trivial", "gold_failed", "not_predicted"]

STATUSES: dict[str, Status] = {"answered": "answered", "clarify": "clarify", "refused": "refused"}
"""What each end of a run counts as; all others are errors."""


class Outcome(msgspec.Struct, frozen=True):
    """One question, its answer, and how that was judged. `note` is the code of what went wrong, where something did."""

    turn: Turn
    database: str
    prediction: Prediction
    verdict: score.Verdict = score.Verdict(False, False)
    skipped: Skipped = ""
    note: str = ""

    @property
    def right(self) -> bool:
        """For a question that can't be answered, not answering is right."""
        if self.turn.unanswerable:
            return self.prediction.status in ("clarify", "refused")
        return self.verdict.right


class _Answered(msgspec.Struct, frozen=True):
    """A prediction with its rows, where it has some."""

    prediction: Prediction
    rows: score.Rows | None = None
    note: str = ""


Tick = Callable[[int], None]
"""Called with the number of questions done so far."""


async def ask_all(desk: Desk, cases: Sequence[Case], tick: Tick) -> list[Outcome]:
    """Asks every question; the outcomes come in the suite's order. SourceError, UsageError."""
    return await _over_databases(desk, cases, None, tick)


async def score_all(
    desk: Desk, cases: Sequence[Case], predictions: Mapping[str, Prediction], tick: Tick
) -> list[Outcome]:
    """Judges predictions that are already there, by running their SQL. SourceError, UsageError."""
    return await _over_databases(desk, cases, predictions, tick)


async def _over_databases(
    desk: Desk, cases: Sequence[Case], predictions: Mapping[str, Prediction] | None, tick: Tick
) -> list[Outcome]:
    found: dict[int, list[Outcome]] = {}
    done = 0
    numbered = sorted(enumerate(cases), key=lambda pair: str(pair[1].database))
    for path, group in groupby(numbered, key=lambda pair: pair[1].database):
        judge = _Judge(desk, path)
        await judge.open()
        for place, case in group:
            answered = await judge.ask(case) if predictions is None else await judge.given(case, predictions)
            found[place] = [await judge.outcome(turn, one) for turn, one in zip(case.turns, answered, strict=True)]
            tick(done := done + len(case.turns))
        judge.close()
    return [outcome for place in sorted(found) for outcome in found[place]]


class _Judge:
    """One database, its questions and its gold."""

    def __init__(self, desk: Desk, path: Path) -> None:
        self._desk = desk
        self._path = path
        self._limit = desk.settings.statement_time_limit
        self._source = ""
        self._database: Database

    async def open(self) -> None:
        """Reads and profiles the data, so that no question's time counts that."""
        self._source = self._desk.databases.add(self._path.stem, str(self._path), owner=LOCAL.user)
        self._database = await self._desk.databases.open(LOCAL, (self._source,))

    def close(self) -> None:
        self._desk.databases.remove(LOCAL, self._source)

    async def ask(self, case: Case) -> list[_Answered]:
        answered: list[_Answered] = []
        before: str | None = None
        for turn in case.turns:
            answer = await self._answer(turn, case, before)
            before = answer.run_id
            answered.append(self._taken(turn, answer))
        return answered

    async def _answer(self, turn: Turn, case: Case, before: str | None) -> Answer:
        asked = msgspec.structs.replace(
            self._desk.question(turn.question), sources=(self._source,), as_of=case.as_of, replies_to=before
        )
        run = await self._desk.start(asked)
        try:
            return await run.finished()
        finally:
            run.ask_to_stop("cancel")

    def _taken(self, turn: Turn, answer: Answer) -> _Answered:
        status = STATUSES.get(answer.status, "error")
        sql = answer.sql if status == "answered" else None
        prediction = Prediction(turn.id, status, sql, answer.confidence, answer.duration_ms)
        if status != "answered" or answer.table is None:
            return _Answered(prediction, note=answer.failure.code if answer.failure else "")
        stored = self._desk.results.get(LOCAL, answer.table.result_id)
        rows = _rows(stored.result)
        return _Answered(prediction, rows, "" if rows is not None else "too_big")

    async def given(self, case: Case, predictions: Mapping[str, Prediction]) -> list[_Answered]:
        answered = []
        for turn in case.turns:
            prediction = predictions.get(turn.id)
            if prediction is None:
                answered.append(_Answered(Prediction(turn.id, "error"), note="not_predicted"))
            elif prediction.status != "answered" or not prediction.sql:
                answered.append(_Answered(prediction))
            else:
                answered.append(await self._run(prediction, prediction.sql))
        return answered

    async def _run(self, prediction: Prediction, sql: str) -> _Answered:
        try:
            rows = _rows(await self._query(sql))
        except ProsaError as error:
            return _Answered(prediction, note=error.code)
        return _Answered(prediction, rows, "" if rows is not None else "too_big")

    async def _query(self, sql: str) -> Result:
        query = check(sql, Grant.everything(self._database.catalog))
        return await self._desk.workers.query(query, self._database, result_id="eval", time_limit=self._limit)

    async def outcome(self, turn: Turn, answered: _Answered) -> Outcome:
        """How the answer was judged, by whichever gold statement it agrees with most."""
        outcome = Outcome(turn, self._path.name, answered.prediction, note=answered.note)
        if answered.note == "not_predicted":
            return msgspec.structs.replace(outcome, skipped="not_predicted")
        if turn.unanswerable:
            return outcome
        try:
            golds = [await self._expected(turn, sql) for sql in turn.golds]
        except ProsaError as error:
            if isinstance(error, UsageError):
                raise
            return msgspec.structs.replace(outcome, skipped="gold_failed", note=error.code)
        if turn.trivial if turn.trivial is not None else score.trivial(golds[0].rows):
            return msgspec.structs.replace(outcome, skipped="trivial")
        rows = answered.rows
        verdict = max(score.judge(rows, gold) for gold in golds) if rows is not None else outcome.verdict
        return msgspec.structs.replace(outcome, verdict=verdict)

    async def _expected(self, turn: Turn, sql: str) -> score.Expected:
        result = await self._query(sql)
        rows = _rows(result)
        if rows is None:
            raise UsageError("eval_gold_too_big", id=turn.id)
        ordered = turn.ordered if turn.ordered is not None else is_ordered(sql, self._database.dialect)
        return score.Expected(rows, ordered, _places(turn, result, turn.required))


def _places(turn: Turn, result: Result, required: Required) -> tuple[int, ...]:
    names = [column.name.casefold() for column in result.columns]
    places = []
    for wanted in required:
        known = wanted in range(len(names)) if isinstance(wanted, int) else wanted.casefold() in names
        if not known:
            raise UsageError("eval_required", id=turn.id, name=wanted, names=", ".join(names))
        places.append(wanted if isinstance(wanted, int) else names.index(wanted.casefold()))
    return tuple(places)


def _rows(result: Result) -> list[tuple[Any, ...]] | None:
    """All rows of a result; None where it was too large to be held."""
    if result.snapshot is None:
        return None
    import pyarrow as pa

    table = pa.ipc.open_stream(pa.py_buffer(result.snapshot)).read_all()
    if not table.num_columns:
        return []
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))
