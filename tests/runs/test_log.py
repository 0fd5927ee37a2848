"""The log: stamped once, read by many, exact after any cut, bounded."""

import asyncio

import pytest

from prosa import events as e
from prosa.answer import Answer
from prosa.errors import LimitError, ModelError
from prosa.runs import Log

EVENTS = [
    e.Started("how many?"),
    e.StageStarted("plan"),
    e.StageCompleted("plan", 1.5, "ready"),
    e.Text(0, "Three "),
    e.Text(0, "stores."),
    e.Checked(0, (e.Span(0, 5, True),)),
    e.Completed("answered", 9.0),
]


def written(events, **limits):
    log = Log("r1", clock=lambda: 100.0, **limits)
    for event in events:
        log.append(event)
    return log


async def collected(log, after=0):
    return [entry async for entry in log.follow(after)]


async def test_entries_are_stamped_in_order_without_gaps():
    log = written(EVENTS)
    assert [(entry.run_id, entry.seq, entry.at) for entry in log.read()] == [("r1", n, 100.0) for n in range(1, 8)]
    assert [entry.event for entry in log.read()] == EVENTS


@pytest.mark.parametrize("cut", range(len(EVENTS) + 1))
async def test_a_reader_goes_on_exactly_where_it_was_cut(cut):
    log = written(EVENTS)
    whole = await collected(log)
    assert whole[:cut] + await collected(log, cut) == whole


async def test_many_readers_each_get_everything_while_it_is_written():
    log = Log("r1")
    readers = [asyncio.create_task(collected(log)) for _ in range(3)]
    for event in EVENTS:
        log.append(event)
        await asyncio.sleep(0)
    assert [[entry.seq for entry in await reader] for reader in readers] == [[1, 2, 3, 4, 5, 6, 7]] * 3


async def test_entries_that_wait_together_come_together():
    log = written(EVENTS[:3])
    batches = log.batches()
    assert [entry.seq for entry in await anext(batches)] == [1, 2, 3]
    for event in EVENTS[3:]:
        log.append(event)
    assert [entry.seq for entry in await anext(batches)] == [4, 5, 6, 7]
    with pytest.raises(StopAsyncIteration):
        await anext(batches)


async def test_an_entry_is_encoded_once_for_all_readers():
    log = written(EVENTS)
    one, other = log.read(), log.read(2)
    assert [entry.line for entry in one[2:]] == [entry.line for entry in other]
    assert all(first.frame is second.frame for first, second in zip(one[2:], other, strict=True))


async def test_a_place_that_the_log_has_not_reached_brings_everything():
    log = written(EVENTS)
    assert await collected(log, 99) == await collected(log)


async def test_a_reader_is_let_go_when_the_log_is_closed_without_an_end():
    log = written(EVENTS[:4])
    reader = asyncio.create_task(collected(log))
    await asyncio.sleep(0)
    log.close()
    assert [entry.seq for entry in await reader] == [1, 2, 3, 4]
    assert log.closed
    assert not log.ended


async def test_nothing_is_written_after_the_end():
    log = written(EVENTS)
    with pytest.raises(ValueError, match="has ended"):
        log.append(e.Text(0, "more"))


@pytest.mark.parametrize("limits", [{"max_entries": 40}, {"max_bytes": 4_000}])
async def test_a_reader_older_than_the_log_gets_one_snapshot_and_goes_on(limits):
    words = [e.Text(0, f"word {number} ") for number in range(200)]
    log = written([e.Started("q"), *words, e.Completed("answered", 1.0)], **limits)
    got = await collected(log, 3)
    snapshot, rest = got[0], got[1:]
    assert isinstance(snapshot.event, e.Snapshot)
    assert snapshot.seq == snapshot.event.upto == rest[0].seq - 1
    assert len(rest) <= 40
    assert Answer.fold(got) == log.answer == written([e.Started("q"), *words, e.Completed("answered", 1.0)]).answer


async def test_a_reader_who_is_not_too_old_gets_no_snapshot():
    log = written([e.Started("q"), *(e.Text(0, "x") for _ in range(200))], max_entries=40)
    kept = log.read(199)
    assert [entry.seq for entry in kept] == [200, 201]


async def test_what_is_kept_stays_within_the_limits():
    log = written([e.Started("q"), *(e.Text(0, "x" * 50) for _ in range(150))], max_bytes=4_000)
    kept = [entry for entry in log.read() if not isinstance(entry.event, e.Snapshot)]
    assert 0 < sum(len(entry.frame) for entry in kept) <= 4_000


async def test_one_entry_larger_than_the_log_is_still_read():
    log = written([e.Started("q"), e.Text(0, "x" * 5_000)], max_bytes=1_000)
    assert log.read(1)[-1].event == e.Text(0, "x" * 5_000)


async def test_an_answerer_that_never_stops_writing_is_stopped():
    log = written([e.Started("q")], max_entries=10)
    for _ in range(99):
        log.append(e.Text(0, "on and on "))
    with pytest.raises(LimitError) as caught:
        log.append(e.Text(0, "on and on "))
    assert caught.value.code == "answer_too_long"
    log.append(e.Failed("answer_too_long", "…"))
    assert log.ended


@pytest.mark.parametrize(
    "nonsense",
    [
        None, "words", {"event": "text"}, object(), e.Text(0, 3), e.Text(10**9, "x"), e.Text(-1, "x"), e.Checked(5, ()),
        e.StageStarted("nowhere"), e.Started("again"), e.Snapshot(1, {}), e.Completed("maybe", 1.0),
        e.ToolReturned("x", "y", object()),
    ],
    ids=lambda value: repr(value)[:30].partition(" at 0x")[0],
)  # fmt: skip
async def test_what_is_no_event_is_refused_and_leaves_no_trace(nonsense):
    log = written([e.Started("q")])
    before = log.read()
    with pytest.raises(ModelError) as caught:
        log.append(nonsense)
    assert caught.value.code == "agent_invalid"
    assert log.read() == before
    log.append(e.Text(0, "still fine"))


async def test_an_event_that_holds_itself_is_refused():
    knot = {}
    knot["again"] = knot
    with pytest.raises(ModelError):
        written([e.Started("q")]).append(e.ToolCalled("c", "t", knot))


async def test_later_changes_of_an_emitted_object_change_no_entry():
    figure = {"data": [{"y": [1]}]}
    log = written([e.Started("q"), e.Chart("k", "t", figure)])
    figure["data"].clear()
    assert log.read()[1].event.figure == {"data": [{"y": [1]}]}


@pytest.mark.parametrize("event", [e.Text(0, 5), e.Text("0", "x"), e.Text(0, None), e.Text(2, "x"), e.Text(-1, "x")])
async def test_words_that_are_none_are_refused(event):
    log = written([e.Started("q")])
    with pytest.raises(ModelError):
        log.append(event)
    assert log.append(e.Text(0, "x")).seq == 2


async def test_what_json_cannot_carry_is_made_plain():
    log = written([e.Started("q\ud800"), e.ToolReturned("c", "t", [float("nan"), float("inf"), "a\x00\nb", "\udfff"])])
    line = log.read()[1].line
    assert b"\n" not in line
    assert b"NaN" not in line
    assert log.read()[1].event.result == [None, None, "a\x00\nb", "?"]


async def test_a_saved_answer_is_an_ended_log_that_every_reader_can_resume():
    answer = written(EVENTS).answer
    log = Log.resumed(answer, EVENTS[-1])
    assert log.ended
    assert log.last == len(EVENTS)
    assert log.answer == answer
    for cut in range(len(EVENTS)):
        got = await collected(log, cut)
        assert got[-1].event == EVENTS[-1]
        assert Answer.fold(got, Answer.fold(written(EVENTS).read()[:cut])) == answer
