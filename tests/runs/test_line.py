"""The waiting line: so many at once, a user and in all, and who is next."""

import pytest

from prosa.errors import BusyError
from prosa.runs.line import WaitingLine


async def test_a_user_has_so_many_places_and_others_have_theirs():
    line = WaitingLine(per_user=2, in_all=3, waiting=9)
    places = [line.enter(user, 1) for user in ("ana", "ana", "ana", "bia", "caio")]
    assert [line.number(place) for place in places] == [0, 0, 1, 0, 2]
    assert (line.working, line.length) == (3, 2)


async def test_the_next_is_the_first_whose_user_has_room():
    line = WaitingLine(per_user=1, in_all=2, waiting=9)
    ana, bia, ana_next, caio = (line.enter(user, 1) for user in ("ana", "bia", "ana", "caio"))
    line.leave(bia)
    assert [line.number(place) for place in (ana_next, caio)] == [1, 0]
    line.leave(ana)
    assert ana_next.turn.done()


async def test_whoever_leaves_the_line_makes_the_others_move_up():
    line = WaitingLine(per_user=1, in_all=1, waiting=9)
    working, first, second = (line.enter("ana", 1) for _ in range(3))
    line.leave(first)
    assert line.number(second) == 1
    line.leave(working)
    assert second.turn.done()
    line.leave(second)
    assert (line.working, line.length) == (0, 0)


async def test_a_full_line_says_when_to_come_again():
    line = WaitingLine(per_user=1, in_all=1, waiting=1)
    line.enter("ana", 1)
    line.enter("ana", 1)
    with pytest.raises(BusyError) as caught:
        line.enter("bia", 7)
    assert caught.value.values["retry_after"] == 7
