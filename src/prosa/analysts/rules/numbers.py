"""Numbers in words: `twenty five`, `1.5 million`, `mil`, as one number token each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from prosa.analysts.rules.data import data
from prosa.analysts.rules.words import Token


@cache
def _words(language: str) -> dict[str, float]:
    return {word: float(value) for word, value in data("numbers")[language].items()}


@cache
def _scales(language: str) -> dict[str, float]:
    return {word: float(value) for word, value in data("numbers")[f"scales_{language}"].items()}


def merged(tokens: Sequence[Token], language: str) -> list[Token]:
    """The tokens with number words and scales folded into number tokens."""
    language = "pt" if language in ("pt", "es") else "en"
    result: list[Token] = []
    place = 0
    while place < len(tokens):
        length, value = _read(tokens, place, language)
        if length:
            first, last = tokens[place], tokens[place + length - 1]
            whole = " ".join(token.text for token in tokens[place : place + length])
            result.append(Token(whole, first.start, last.end, first.norm, "number", value))
        else:
            result.append(tokens[place])
        place += max(length, 1)
    return result


def _read(tokens: Sequence[Token], start: int, language: str) -> tuple[int, float]:
    """How many tokens one number takes from here, and its value; 0 tokens where there is none."""
    first = tokens[start]
    words, scales = _words(language), _scales(language)
    alone = first.norm in data("numbers")["alone"]["words"] and first.kind == "word" and first.norm in scales
    if first.kind == "number" and first.value is not None:
        value, length = first.value, 1
    elif first.kind == "word" and (first.norm in words or alone):
        value, length = words.get(first.norm, scales.get(first.norm, 0.0)), 1
        while (more := _next(tokens, start + length, words)) is not None and more[1] < value and value >= 20:
            value, length = value + more[1], length + more[0]
    else:
        return 0, 0.0
    while (
        start + length < len(tokens) and tokens[start + length].norm in scales and tokens[start + length].kind == "word"
    ):
        value, length = value * scales[tokens[start + length].norm], length + 1
    return length, value


def _next(tokens: Sequence[Token], place: int, words: dict[str, float]) -> tuple[int, float] | None:
    """A further number word, with or without `and` before it."""
    for skip in (0, 1):
        if place + skip >= len(tokens) or (skip and tokens[place].norm not in ("e", "and")):
            return None
        token = tokens[place + skip]
        if token.kind == "word" and token.norm in words:
            return skip + 1, words[token.norm]
    return None


def plain(value: float) -> int | float:
    """A whole number without its decimal point."""
    return int(value) if value == int(value) else value
