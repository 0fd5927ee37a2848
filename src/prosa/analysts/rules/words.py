"""Words of a question: folding, tokens with their places, stems. Nothing here knows a schema or a grammar."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import Lock
from typing import Any, Literal

import msgspec

from prosa.analysts.rules.data import data

TokenKind = Literal["word", "number", "quoted", "date", "mark"]

_TOKEN = re.compile(
    r"""
      (?P<quoted>"[^"\n]{1,200}"|“[^”\n]{1,200}”|‘[^’\n]{1,200}’|«[^»\n]{1,200}»|(?<!\w)'[^'\n]{1,200}'(?!\w))
    | (?P<date>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{4})(?![\w/-])
    | (?P<number>(?:(?:R\$|US\$|[$€£])\s?)?(?<![\w.,])-?\d+(?:[.,]\d+)*[kK]?(?![\w]))
    | (?P<negation>[^\W\d_]+n['’]t\b)
    | (?P<possessive>(?<=\w)['’](?:s\b|(?=\s)))
    | (?P<word>[^\W_]+)
    | (?P<mark><=|>=|!=|<>|[<>=,;:?!.%()&/+])
    """,
    re.VERBOSE,
)


_STEMMING = Lock()
_KIN, _KIN_ENDING = 4, 3
_ROOT = 3


class Token(msgspec.Struct, frozen=True):
    """A piece of the question: `question[start:end]`. `norm` is folded; `value` is set for numbers."""

    text: str
    start: int
    end: int
    norm: str
    kind: TokenKind
    value: float | None = None


@lru_cache(4096)
def fold(text: str) -> str:
    """Without case and accents; everything else keeps its order."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def normal(text: str) -> str:
    """Folded words with single spaces and nothing between: how values and names are compared."""
    return " ".join(match.group() for match in re.finditer(r"[^\W_]+", fold(text)))


def tokens(text: str, language: str) -> list[Token]:
    """The question's tokens from left to right; signs that carry no meaning are left out."""
    return [_token(match, language) for match in _TOKEN.finditer(text)]


def _token(match: re.Match[str], language: str) -> Token:
    kind, text, start, end = match.lastgroup, match.group(), match.start(), match.end()
    if kind == "quoted":
        return Token(text[1:-1], start + 1, end - 1, normal(text[1:-1]), "quoted")
    if kind == "number":
        return Token(text, start, end, text.strip(), "number", number(text, language))
    if kind == "possessive":
        return Token(text, start, end, "'s", "mark")
    if kind == "negation":
        return Token(text, start, end, "not", "word")
    if kind == "date":
        return Token(text, start, end, text, "date")
    return Token(text, start, end, fold(text), "word" if kind == "word" else "mark")


def number(text: str, language: str) -> float:
    """A written number: the language says what dot and comma mean where three digits follow; `1.5k` is 1,500."""
    digits = re.sub(r"[^\d.,-]", "", text)
    times = 1000 if text[-1] in "kK" else 1
    group, point = (".", ",") if language in ("pt", "es", "de") else (",", ".")
    if re.fullmatch(rf"-?\d{{1,3}}(?:\{group}\d{{3}})+(?:\{point}\d+)?", digits):
        digits = digits.replace(group, "")
    return float(_one_point(digits.replace(",", "."))) * times


def _one_point(digits: str) -> str:
    head, _, tail = digits.rpartition(".")
    return f"{head.replace('.', '')}.{tail}" if head else digits


@lru_cache(16384)
def stem(word: str) -> str:
    """The English stem of a folded word, with the usual irregular forms."""
    table = data("words")
    if table["forms_en"].get(word) == word:
        return word
    word = str(table["plurals_en"].get(word) or table["forms_en"].get(word) or word)
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    # The stemmer keeps the word that it is at, and questions are planned in several threads.
    with _STEMMING:
        return str(_english().stemWord(word))


@lru_cache(16384)
def singular(word: str) -> str:
    """An English word in the singular; other forms stay."""
    word = str(data("words")["plurals_en"].get(word, word))
    if len(word) <= 3 or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    doubled = ("sses", "ches", "shes", "xes", "zes", "puses", "ruses", "tuses", "nuses")
    return word[:-2] if word.endswith(doubled) else word[:-1]


@lru_cache(16384)
def stem_pt(word: str) -> str:
    """The Portuguese root of a folded word, without number and gender: enough to look words up."""
    whole = data("words")["roots_pt"].get(word)
    if whole is not None or len(word) <= 3:
        return str(whole or word)
    return _without_vowel(singular_pt(word))


def kin(word: str, other: str) -> bool:
    """Whether two stems are likely of one family: `public` and `publicat`."""
    shared = min(len(word), len(other))
    return shared >= _KIN and word[:shared] == other[:shared] and abs(len(word) - len(other)) <= _KIN_ENDING


def singular_pt(word: str) -> str:
    """A Portuguese word in the singular, as far as its ending tells."""
    for ending, instead in data("words")["endings_pt"].items():
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word[: -len(ending)] + str(instead)
    return word


@lru_cache(16384)
def infinitive(word: str) -> str:
    """The infinitive of a folded Portuguese verb in the past, as far as its ending tells; other words stay."""
    for ending, instead in data("words")["infinitives_pt"].items():
        if word.endswith(ending) and len(word) - len(ending) >= _ROOT:
            return word[: -len(ending)] + str(instead)
    return word


def _without_vowel(word: str) -> str:
    return word[:-1] if word[-1] in "aoe" and len(word) > 3 else word


@lru_cache(1)
def _english() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
