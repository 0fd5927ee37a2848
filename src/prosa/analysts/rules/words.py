"""Words of a question: folding, tokens with their places, stems. Nothing here knows a schema or a grammar."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Without case and accents; everything else keeps its place where each letter is one character."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
