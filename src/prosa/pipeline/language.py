"""Which language a question is in, told by its small words. Not a general detector: four languages, short texts."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

from prosa.analysts.rules import lexicon
from prosa.analysts.rules.words import fold, stem_pt

Language = Literal["en", "pt", "es", "de"]

_ACCENT, _IN_A_NAME = 0.6, 0.2
"""What an accent of one language tells, where a small word tells 1, and what it tells in a capitalised word behind the
first: names keep their accents in any language, as in `orders in São Paulo`."""

_ACCENTS: tuple[tuple[Language, str], ...] = (("pt", "ãõçâêô"), ("es", "ñ¿¡"), ("de", "äöß"))


@cache
def _markers() -> dict[Language, frozenset[str]]:
    return {language: frozenset(str(_data()[language]).split()) for language in ("en", "pt", "es", "de")}


@cache
def _data() -> dict[str, object]:
    return tomllib.loads(resources.files(__package__).joinpath("languages.toml").read_text("utf-8"))


@cache
def _endings() -> tuple[str, ...]:
    endings = _data()["endings"]
    assert isinstance(endings, dict)
    return tuple(endings["pt"])


def _portuguese(word: str) -> bool:
    """Whether the lexicon knows a word as Portuguese and not as English."""
    return stem_pt(word) in lexicon.portuguese() and word not in lexicon.english() and len(word) > 3


def detect(text: str, otherwise: Language = "en") -> Language:
    """The likeliest language of a question; `otherwise` where nothing tells."""
    scores: dict[Language, float] = dict.fromkeys(("en", "pt", "es", "de"), 0.0)
    for place, written in enumerate(text.split()):
        worth = _IN_A_NAME if place and written[0].isupper() and not written.isupper() else _ACCENT
        for language, letters in _ACCENTS:
            scores[language] += worth * sum(letter in letters for letter in written.lower())
    for word in fold(text).split():
        bare = word.strip(".,;:!?¿¡\"'()")
        found: list[Language] = [language for language, words in _markers().items() if bare in words]
        for language in found:
            scores[language] += 1 / len(found)
        if not found and ((bare.endswith(_endings()) and len(bare) > 5) or _portuguese(bare)):
            scores["pt"] += 0.5
    # Where several are as likely, `otherwise` is; else the first, so that English is the fallback.
    best = max(scores.values())
    likeliest = [language for language, score in scores.items() if score == best]
    return otherwise if otherwise in likeliest else likeliest[0]
