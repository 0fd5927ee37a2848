"""Words of a question: folding, tokens with their places, stems. Nothing here knows a schema or a grammar."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, Literal

import msgspec

TokenKind = Literal["word", "number", "quoted", "date", "mark"]

_TOKEN = re.compile(
    r"""
      (?P<quoted>"[^"\n]{1,200}"|“[^”\n]{1,200}”|‘[^’\n]{1,200}’|«[^»\n]{1,200}»|(?<!\w)'[^'\n]{1,200}'(?!\w))
    | (?P<date>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{4})(?![\w/-])
    | (?P<number>(?:(?:R\$|US\$|[$€£])\s?)?(?<![\w.,])-?\d+(?:[.,]\d+)*(?![\w]))
    | (?P<negation>[^\W\d_]+n['’]t\b)
    | (?P<possessive>(?<=\w)['’](?:s\b|(?=\s)))
    | (?P<word>[^\W_]+)
    | (?P<mark><=|>=|!=|<>|[<>=,;:?!.%()&/+])
    """,
    re.VERBOSE,
)
_IRREGULAR_PLURALS = {
    "people": "person", "persons": "person", "children": "child", "men": "man", "women": "woman", "feet": "foot",
    "mice": "mouse", "series": "series", "movies": "movie", "analyses": "analysis", "bases": "base",
}  # fmt: skip
_IRREGULAR = _IRREGULAR_PLURALS | {
    "sold": "sell", "bought": "buy", "made": "make", "won": "win", "lost": "lose", "sung": "sing",
    "written": "write", "wrote": "write", "taught": "teach", "held": "hold", "led": "lead", "left": "leave",
    "flew": "fly", "flown": "fly", "gave": "give", "paid": "pay", "taken": "take", "took": "take", "built": "build",
    "born": "birth", "spent": "spend", "heaviest": "heavy", "died": "die", "media": "media", "data": "data",
}  # fmt: skip


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
    """The question's tokens from left to right; marks that carry no meaning are left out."""
    found = []
    for match in _TOKEN.finditer(text):
        found.append(_token(match, language))
    return found


def _token(match: re.Match[str], language: str) -> Token:
    kind, text = match.lastgroup, match.group()
    if kind == "quoted":
        return Token(text[1:-1], match.start() + 1, match.end() - 1, normal(text[1:-1]), "quoted")
    if kind == "number":
        return Token(text, match.start(), match.end(), text.strip(), "number", number(text, language))
    if kind == "possessive":
        return Token(text, match.start(), match.end(), "'s", "mark")
    if kind == "negation":
        return Token(text, match.start(), match.end(), "not", "word")
    if kind == "date":
        return Token(text, match.start(), match.end(), text, "date")
    return Token(text, match.start(), match.end(), fold(text), "word" if kind == "word" else "mark")


def number(text: str, language: str) -> float:
    """A written number: the language says what dot and comma mean where three digits follow."""
    digits = re.sub(r"[^\d.,-]", "", text)
    group, point = (".", ",") if language in ("pt", "es", "de") else (",", ".")
    if digits.count(group) and re.fullmatch(rf"-?\d{{1,3}}(?:\{group}\d{{3}})+(?:\{point}\d+)?", digits):
        digits = digits.replace(group, "")
    return float(_one_point(digits.replace(",", ".")))


def _one_point(digits: str) -> str:
    head, _, tail = digits.rpartition(".")
    return f"{head.replace('.', '')}.{tail}" if head else digits


@lru_cache(16384)
def stem(word: str) -> str:
    """The English stem of a folded word, with the usual irregular forms."""
    word = _IRREGULAR.get(word, word)
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    return str(_english().stemWord(word))


@lru_cache(16384)
def singular(word: str) -> str:
    """An English word in the singular; other forms stay."""
    word = _IRREGULAR_PLURALS.get(word, word)
    if len(word) <= 3 or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    doubled = ("sses", "ches", "shes", "xes", "zes", "puses", "ruses", "tuses", "nuses")
    return word[:-2] if word.endswith(doubled) else word[:-1]


@lru_cache(16384)
def stem_pt(word: str) -> str:
    """The Portuguese root of a folded word, without number and gender: enough to look words up."""
    if len(word) <= 3:
        return word
    return _without_vowel(_singular(word))


_PLURALS = (("oes", "ao"), ("aes", "ao"), ("ais", "al"), ("eis", "el"), ("ois", "ol"), ("uis", "ul"), ("ns", "m"),
            ("res", "r"), ("zes", "z"), ("ses", "s"), ("is", "il"), ("s", ""))  # fmt: skip


def _singular(word: str) -> str:
    for ending, instead in _PLURALS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word[: -len(ending)] + instead
    return word


def _without_vowel(word: str) -> str:
    return word[:-1] if word[-1] in "aoe" and len(word) > 3 else word


@lru_cache(1)
def _english() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
