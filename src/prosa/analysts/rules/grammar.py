"""The phrases of a language and the operations they name. The phrases are data, in `data/grammar_*.toml`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from prosa.analysts.rules.data import data
from prosa.analysts.rules.lexicon import Phrase
from prosa.analysts.rules.words import Token

_Tree = dict[str, Any]
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
        self._longest = max(map(len, self._rewrites))
        self._nothing: str = raw.get("nothing", "")
        self._tree = self._grown(raw["ops"])

    def word(self, token: Token) -> str:
        """The token as phrases write it: contractions undone."""
        return self.aliases.get(token.norm, token.norm)

    def begins(self, word: str) -> bool:
        """Whether some phrase begins with a word."""
        return self.aliases.get(word, word) in self._tree

    def rewritten(self, tokens: Sequence[Token]) -> list[Token]:
        """The tokens with phrases written out: `first and last name` has two names, `twice` is two times; who `bought
        nothing` never bought."""
        words = [token.norm for token in tokens]
        for start in range(len(words)):
            if words[start] == self._nothing and start:
                denied = [_new("never", tokens[start]), tokens[start - 1]]
                return [*tokens[: start - 1], *denied, *self.rewritten(tokens[start + 1 :])]
            for size in range(min(self._longest, len(words) - start), 0, -1):
                full = self._rewrites.get(tuple(words[start : start + size]))
                if full:
                    rest = self.rewritten(tokens[start + size :])
                    return [*tokens[:start], *_spread(tokens[start : start + size], full), *rest]
        return list(tokens)

    def match(self, tokens: Sequence[Token], start: int) -> Match | None:
        """The longest phrase that begins at a token; articles between its words are passed over."""
        node, place, found = self._tree, start, None
        while place < len(tokens):
            token = tokens[place]
            word = self.word(token)
            if word not in node or token.kind in ("quoted", "number"):
                if place > start and word in self.articles:
                    place += 1
                    continue
                break
            node, place = node[word], place + 1
            if "" in node:
                phrase, names = node[""]
                found = Match(place - start, names, phrase)
        return found

    def _phrases(self, ops: dict[str, list[str]]) -> dict[Phrase, list[str]]:
        """Every phrase with the operations that it may name."""
        names: dict[Phrase, list[str]] = defaultdict(list)
        for name, patterns in ops.items():
            for pattern in patterns:
                for phrase in expand(pattern):
                    names[tuple(self.aliases.get(word, word) for word in phrase)].append(name)
        for name, table in (("superlative", self.superlatives), ("comparative", self.comparatives)):
            for pattern in table:
                names[tuple(pattern.split())].append(name)
        return names

    def _grown(self, ops: dict[str, list[str]]) -> _Tree:
        """The phrases as a tree of words; a phrase ends at the node that has an empty word."""
        tree: _Tree = {}
        for phrase, names in self._phrases(ops).items():
            node = tree
            for word in phrase:
                node = node.setdefault(word, {})
            node[""] = (" ".join(phrase), tuple(dict.fromkeys(names)))
        return tree


def _spread(tokens: Sequence[Token], words: Phrase) -> list[Token]:
    """New words in the place of some tokens; those that were there keep their own places."""
    places = {token.norm: token for token in tokens}
    return [places.get(word) or _new(word, tokens[0]) for word in words]


def _new(word: str, at: Token) -> Token:
    if word.isdigit():
        return Token(word, at.start, at.end, word, "number", float(word))
    return Token(word, at.start, at.end, word, "word")


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
