"""Words about passages: quoted as they stand, with the place where each stands."""

from __future__ import annotations

from collections.abc import Iterable

from prosa import locales
from prosa.documents.answering import Cited

_LONGEST_QUOTE = 600


def placed(key: str, cited: Cited, locale: str) -> str:
    """A sentence about a passage (`says`, `also` or `nearest` of the locales), with its page or else its heading."""
    page, heading = cited.found.page, cited.found.headings[-1] if cited.found.headings else ""
    how = "_page" if page is not None else "_heading" if heading else ""
    values = {
        "document": cited.document.name, "page": page, "heading": quoted(heading), "sentence": quoted(cited.sentence)
    }  # fmt: skip
    if key == "nearest":
        values["where"] = locales.text(f"documents.where{how}", locale, **values) if how else ""
        how = ""
    return locales.text(f"documents.{key}{how}", locale, **values)


def quoted(text: str) -> str:
    """Words of a document inside an answer: they may hold no link and no picture of their own."""
    plain = " ".join(text.split()).replace("](", "] (")
    return plain if len(plain) <= _LONGEST_QUOTE else plain[:_LONGEST_QUOTE].rstrip() + "…"


def texts(cited: Iterable[Cited]) -> tuple[str, ...]:
    """What numbers in an answer may rest on: the passages and their places."""
    return tuple(
        text for one in cited for text in (one.found.text, one.document.name, *one.found.headings, str(one.found.page))
    )
