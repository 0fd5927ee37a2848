"""`View`: what everything that is drawn needs to know, and the words of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prosa import locales
from prosa.identity import Principal
from prosa.question import Answerer
from prosa.streamlit.engine import Engine
from prosa.streamlit.messages import Chat
from prosa.streamlit.sessions import Session

_NOT_IN_KEY = re.compile(r"[^\w-]+")


class View(NamedTuple):
    """One chat of one session. `send` asks a question there."""

    engine: Engine
    session: Session
    chat: Chat
    locale: str
    zone: str | None = None
    answerer: Answerer | None = None
    send: Callable[[str, str | None], None] = lambda question, replies_to: None

    @property
    def principal(self) -> Principal:
        return self.session.principal

    def words(self, key: str, **values: object) -> str:
        """A sentence of the pages in the person's language."""
        return locales.text(f"streamlit.{key}", self.locale, **values)

    def key(self, kind: str, *parts: object) -> str:
        """A widget's key: its kind, the document, and what tells it from its like."""
        return "_".join(_NOT_IN_KEY.sub("-", str(part)) for part in (kind, self.chat.doc, *parts))

    def clock(self, timestamp: str, now: datetime | None = None) -> str:
        """An ISO 8601 time as the person's clock shows it, with the day where it is not today."""
        try:
            zone = ZoneInfo(self.zone) if self.zone else None
        except (ZoneInfoNotFoundError, ValueError):
            zone = None
        moment, today = datetime.fromisoformat(timestamp).astimezone(zone), (now or datetime.now(zone)).date()
        time = moment.strftime("%H:%M")
        return time if moment.date() == today else f"{locales.day(moment.date(), self.locale)} {time}"
