"""The events that a reader still lacks when a snapshot stands in for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from prosa import events as e
from prosa.answer import Answer


def missed(seen: Answer, snapshot: e.Snapshot) -> Iterator[e.Event]:
    """The events that lead from the fold of what was seen to the snapshot's answer. Events of a kind are told in the
    order in which they came, so that as many as were seen are passed over; progress and checks of numbers are not told
    again."""
    known = Counter(type(event) for event in unfolded(seen))
    letters = {number: len(block.text) for number, block in enumerate(seen.blocks)}
    for event in unfolded(msgspec.convert(snapshot.answer, Answer)):
        if isinstance(event, e.Text):
            rest = event.delta[letters.get(event.block, 0) :]
            if rest:
                yield e.Text(event.block, rest)
        elif known[type(event)]:
            known[type(event)] -= 1
        else:
            yield event


def unfolded(answer: Answer) -> Iterator[e.Event]:
    """Events that add up to the answer, without its end."""
    if answer.seq:
        yield e.Started(answer.question, answer.conversation, answer.analyst, answer.locale, answer.replies_to)
    for state in answer.stages:
        stage: e.Stage = state.stage  # type: ignore[assignment]
        yield e.StageStarted(stage)
        if state.duration_ms is not None:
            yield e.StageCompleted(stage, state.duration_ms, state.summary)
    if answer.reading or answer.unknown:
        yield e.Interpreted(answer.reading, answer.unknown, answer.confidence)
    for query in answer.queries:
        yield e.Sql(query.query_id, query.sql, query.dialect, query.source)
        if query.code:
            yield e.QueryFailed(query.query_id, query.code, query.error)
    for tool in answer.tools:
        yield e.ToolCalled(tool.call_id, tool.tool, tool.arguments)
        if tool.done:
            yield e.ToolReturned(tool.call_id, tool.tool, tool.result, tool.failed)
    yield from answer.tables
    yield from answer.charts
    yield from answer.files
    for passage in answer.passages:
        yield e.Sources((passage,))
    for number, block in enumerate(answer.blocks):
        yield e.Text(number, block.text)
    yield from answer.notices
    if answer.clarification is not None:
        yield answer.clarification
