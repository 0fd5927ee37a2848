"""The phrases of a language and the operations they name. The phrases are data, in `data/grammar_*.toml`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from prosa.analysts.rules.lexicon import Phrase, data
from prosa.analysts.rules.words import Token

_GROUP = re.compile(r"\(([^()]*)\)")


class Match(NamedTuple):
    """A phrase found at a token: how many tokens it takes, and what it may mean, the likeliest first."""

    length: int
    names: tuple[str, ...]
    phrase: str


class Grammar:
    """One language's phrases, ready to be found."""

    def __init__(self, language: str) -> None:
        raw = data(f"grammar_{language}")
        self.language = language
        self.articles = frozenset(raw["articles"].split())
        self.silent = frozenset(raw["silent"].split())
        self.light = frozenset(raw["light"].split())
        self.aliases: dict[str, str] = raw.get("aliases", {})
        self.superlatives: dict[str, dict[str, str]] = raw["superlatives"]
        self.comparatives: dict[str, dict[str, str]] = raw["comparatives"]
        self.charts: dict[str, str] = raw["chart_kinds"]
        self._rewrites = {tuple(short.split()): tuple(full.split()) for short, full in raw["rewrites"].items()}
        self._by_first = self._compiled(raw["ops"])

    def word(self, token: Token) -> str:
        """The token as phrases write it: contractions undone."""
        return self.aliases.get(token.norm, token.norm)

    def rewritten(self, tokens: Sequence[Token]) -> list[Token]:
        """The tokens with shortened phrases written out: `first and last name` has two names."""
        words = [token.norm for token in tokens]
        for short, full in self._rewrites.items():
            for start in range(len(words) - len(short) + 1):
                if tuple(words[start : start + len(short)]) == short:
                    return [
                        *tokens[:start],
                        *_spread(tokens[start : start + len(short)], full),
                        *tokens[start + len(short) :],
                    ]
        return list(tokens)

    def match(self, tokens: Sequence[Token], start: int) -> Match | None:
        """The longest phrase that begins at a token; articles between its words are passed over."""
        for phrase, names in self._by_first.get(self.word(tokens[start]), ()):
            end = self._end(tokens, start, phrase)
            if end:
                return Match(end - start, names, " ".join(phrase))
        return None

    def _end(self, tokens: Sequence[Token], start: int, phrase: Phrase) -> int:
        place = start
        for number, wanted in enumerate(phrase):
            while (
                number
                and place < len(tokens)
                and self.word(tokens[place]) in self.articles
                and wanted != self.word(tokens[place])
            ):
                place += 1
            if place >= len(tokens) or self.word(tokens[place]) != wanted or tokens[place].kind in ("quoted", "number"):
                return 0
            place += 1
        return place

    def _compiled(self, ops: dict[str, list[str]]) -> dict[str, list[tuple[Phrase, tuple[str, ...]]]]:
        names: dict[Phrase, list[str]] = defaultdict(list)
        for name, patterns in ops.items():
            for pattern in patterns:
                for phrase in expand(pattern):
                    names[tuple(self.aliases.get(word, word) for word in phrase)].append(name)
        for name, table in (("superlative", self.superlatives), ("comparative", self.comparatives)):
            for pattern in table:
                names[tuple(pattern.split())].append(name)
        found: dict[str, list[tuple[Phrase, tuple[str, ...]]]] = defaultdict(list)
        for phrase, meanings in names.items():
            found[phrase[0]].append((phrase, tuple(dict.fromkeys(meanings))))
        for phrases in found.values():
            phrases.sort(key=lambda entry: -len(entry[0]))
        return found


def _spread(tokens: Sequence[Token], words: Phrase) -> list[Token]:
    """New words in the place of some tokens; those that were there keep their own places."""
    places = {token.norm: token for token in tokens}
    return [places.get(word) or Token(word, tokens[0].start, tokens[0].end, word, "word") for word in words]


@cache
def grammar(language: str) -> Grammar:
    """The grammar for a question's language: Portuguese, or English for everything else."""
    return Grammar("pt" if language in ("pt", "es") else "en")


def expand(pattern: str) -> Iterator[Phrase]:
    """All phrases of a pattern: `(a|b|) c` is `a c`, `b c` and `c`. Groups may stand in groups."""
    group = _GROUP.search(pattern)
    if group is None:
        if words := tuple(pattern.split()):
            yield words
        return
    for choice in group.group(1).split("|"):
        yield from expand(pattern[: group.start()] + choice + pattern[group.end() :])
