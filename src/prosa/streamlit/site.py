"""`Site`: what all pages of the app share in one script run."""

from __future__ import annotations

from typing import Any, NamedTuple

from prosa import locales
from prosa.config import Settings
from prosa.streamlit.engine import Engine
from prosa.streamlit.sessions import Session


class Site(NamedTuple):
    """`pages` are Streamlit's pages by name, to switch to."""

    engine: Engine
    session: Session
    settings: Settings
    locale: str
    pages: dict[str, Any]

    def words(self, key: str, **values: object) -> str:
        """A sentence of the pages in the person's language."""
        return locales.text(f"streamlit.{key}", self.locale, **values)
