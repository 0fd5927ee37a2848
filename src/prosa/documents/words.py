"""Words of texts and questions: tokens with their places, without case and accents, and as stems of two languages."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from threading import Lock
from typing import Any, NamedTuple

from prosa.documents.values import Language

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_STEMMING = Lock()
_PORTUGUESE_ENDINGS = tuple(
    (re.compile(f"{plain}$"), accented)
    for plain, accented in (
        ("coes", "ções"), ("cao", "ção"), ("soes", "sões"), ("sao", "são"), ("avel", "ável"), ("aveis", "áveis"),
        ("ivel", "ível"), ("iveis", "íveis"), ("encia", "ência"), ("encias", "ências"), ("ancia", "ância"),
        ("ario", "ário"), ("arios", "ários"), ("aria", "ária"), ("orio", "ório"), ("ico", "ico"),
    )
)  # fmt: skip
"""People type without accents, and the stemmer knows endings only with theirs."""


class Token(NamedTuple):
    """A word at `text[start:end]`; `norm` is folded."""

    norm: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The words and numbers of a text, from left to right."""
    for match in _WORD.finditer(text):
        yield Token(fold(match.group()), match.start(), match.end())


@lru_cache(1 << 16)
def fold(word: str) -> str:
    """Without case and accents."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(1 << 17)
def stem(norm: str, language: Language) -> str:
    """The stem of a folded word."""
    if len(norm) < 4 or not norm.isalpha():
        return norm
    word = str(table()["forms"].get(norm, norm))
    if language == "pt":
        for pattern, ending in _PORTUGUESE_ENDINGS:
            word = pattern.sub(ending, word)
    # A stemmer keeps the word that it is at, and questions come from several threads.
    with _STEMMING:
        stemmed = str(_stemmer(language).stemWord(word))
    return fold(stemmed)


@cache
def _stemmer(language: Language) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer({"en": "english", "pt": "portuguese"}[language])


def stems(text: str, language: Language) -> list[str]:
    """The stems of all words that carry meaning."""
    idle = stopwords()
    return [stem(token.norm, language) for token in tokens(text) if token.norm not in idle]


def language_of(text: str) -> Language:
    """The likelier language of a text, by its small words; English where nothing tells."""
    english, portuguese = _small("en"), _small("pt")
    words = [token.norm for token in tokens(text[:20_000])]
    return "pt" if sum(word in portuguese for word in words) > sum(word in english for word in words) else "en"


@cache
def stopwords() -> frozenset[str]:
    """Words of both languages that carry no meaning of their own."""
    return frozenset(_small("en") | _small("pt"))


@cache
def _small(language: Language) -> frozenset[str]:
    return frozenset(str(table()["small"][language]).split())


@cache
def synonyms() -> dict[str, frozenset[str]]:
    """Stems of both languages with all stems that may stand for the same thing."""
    found: dict[str, frozenset[str]] = {}
    for line in table()["same"]["groups"]:
        words = [fold(word) for word in str(line).split()]
        group = frozenset(stem(word, language) for word in words for language in ("en", "pt"))
        for one in group:
            found[one] = found.get(one, frozenset()) | group
    return found


@cache
def table() -> dict[str, Any]:
    """The words of `words.toml`."""
    return tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))
