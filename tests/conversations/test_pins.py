"""Pinned questions: kept in order, once each, and each only for its owner."""

import pytest

from prosa.conversations.pins import MOST_PINS
from prosa.conversations.store import ConversationStore
from prosa.errors import AccessError, UsageError


async def test_a_pin_is_there_once_and_after_a_restart(path, store, ana):
    first = await store.pin(ana, "revenue by month")
    assert await store.pin(ana, " revenue by month ") == first
    await store.pin(ana, "orders today")
    again = await ConversationStore.open(path)
    assert [pin.question for pin in await again.pinned(ana)] == ["revenue by month", "orders today"]
    await again.aclose()


async def test_nobody_else_sees_or_removes_a_pin(store, ana, bia):
    made = await store.pin(ana, "secret")
    assert await store.pinned(bia) == []
    with pytest.raises(AccessError):
        await store.unpin(bia, made.id)
    await store.unpin(ana, made.id)
    assert await store.pinned(ana) == []


async def test_pins_come_to_an_end(store, ana):
    for number in range(MOST_PINS):
        await store.pin(ana, f"question {number}")
    with pytest.raises(UsageError, match="pinned"):
        await store.pin(ana, "one more")
    assert len(await store.pinned(ana)) == MOST_PINS
