"""`WaitingLine`: how many runs may work at once, a user and in all, and who is next."""

from __future__ import annotations

import asyncio
from collections import Counter

from prosa.errors import BusyError


class Place:
    """One run's place: at work, or in the line. `turn` is done when it may work."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class WaitingLine:
    """At most `per_user` runs of one user and `in_all` together; `waiting` more stand in line, first come first served
    among those whose user has room."""

    def __init__(self, *, per_user: int, in_all: int, waiting: int) -> None:
        self._per_user, self._in_all, self._room = per_user, in_all, waiting
        self._working: Counter[str] = Counter()
        self._line: list[Place] = []

    def enter(self, user: str, retry_after: int) -> Place:
        """A place at work or in the line. BusyError, with `retry_after` in seconds, when the line is full."""
        place = Place(user)
        if self._fits(user):
            self._admit(place)
        elif len(self._line) < self._room:
            self._line.append(place)
        else:
            raise BusyError(retry_after=retry_after)
        return place

    def number(self, place: Place) -> int:
        """Where it stands in the line, from 1; 0 when it need not wait."""
        return 0 if place.turn.done() else self._line.index(place) + 1

    def leave(self, place: Place) -> None:
        """Gives the place up; whoever fits now goes to work."""
        if place in self._line:
            self._line.remove(place)
            return
        self._working[place.user] -= 1
        self._working += Counter()  # forgets users without runs
        for waiting in [*self._line]:
            if self._fits(waiting.user):
                self._line.remove(waiting)
                self._admit(waiting)

    def _fits(self, user: str) -> bool:
        return self._working.total() < self._in_all and self._working[user] < self._per_user

    def _admit(self, place: Place) -> None:
        self._working[place.user] += 1
        place.turn.set_result(None)

    @property
    def length(self) -> int:
        """How many stand in line."""
        return len(self._line)

    @property
    def working(self) -> int:
        """How many are at work."""
        return self._working.total()
