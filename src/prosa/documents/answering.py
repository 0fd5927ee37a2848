"""Which passages answer a question, and which of their sentences, word for word; or that none does.

No model: a sentence answers as far as it, its headings and its neighbours explain the question's words, rare words
counting more, and as far as it holds the kind of thing that was asked for (a number, a date). Words in no document
count most of all, against it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

import msgspec

from prosa.documents.index import DocumentInfo, Found, Index
from prosa.documents.sentences import sentences
from prosa.documents.words import Token, stem, stopwords, synonyms, table, tokens
from prosa.identity import Principal

THRESHOLD = 0.78
"""From here on a sentence is taken for an answer; scripts/document_threshold.py fits it."""

MOST_CITED = 3
_LOOKED_AT = 24
_NEAR = 0.6
"""Further passages are cited as long as they are so good, compared with the best."""

_SAME, _TOPIC, _BESIDE, _ELSEWHERE = 0.9, 0.8, 0.6, 0.35
"""What a word is worth as a synonym, in a heading or name, in a neighbouring sentence, elsewhere in the passage; in the
sentence itself 1."""

_WEAK = 0.1
_WRONG_KIND = 0.7
_NAMING, _NOT_NAMED = 2, 0.85
"""Where so many words of the question are in a document's name, passages of others count less."""
_REACH = 4
"""How many words after a number may name what it counts, the number with them."""


class Term(msgspec.Struct, frozen=True):
    """A word of the question: its own stems, those that may stand for it, how many passages hold one, and how much it
    tells."""

    token: Token
    own: frozenset[str]
    group: frozenset[str]
    count: int
    weight: float


class Sought(msgspec.Struct, frozen=True):
    """What would answer: a `count` of things (by their stems), a `number`, a `date`, or anything."""

    kind: str = ""
    counted: frozenset[str] = frozenset()


class Cited(msgspec.Struct, frozen=True):
    """A passage with the sentence that answers: `found.text[start:end]`. `score` from 0 to 1."""

    document: DocumentInfo
    found: Found
    start: int
    end: int
    score: float

    @property
    def sentence(self) -> str:
        return self.found.text[self.start : self.end]


class Reply(msgspec.Struct, frozen=True):
    """The best passages, best first, also where they don't answer; `unknown` are the question's words that stand in no
    document."""

    cited: tuple[Cited, ...]
    terms: tuple[Term, ...] = ()
    unknown: tuple[Token, ...] = ()

    @property
    def score(self) -> float:
        return self.cited[0].score if self.cited else 0.0

    @property
    def answered(self) -> bool:
        return self.score >= THRESHOLD


def answer(index: Index, principal: Principal, question: str, documents: Sequence[DocumentInfo]) -> Reply:
    """Looks for the answer in these documents."""
    terms = _terms(index, question, documents)
    best = _ranked(index, principal, question, documents, terms)
    cited = [one for one in _once(best) if one.score >= best[0].score * _NEAR][:MOST_CITED]
    return Reply(tuple(cited), terms, tuple(term.token for term in terms if not term.count))


def _ranked(
    index: Index, principal: Principal, question: str, documents: Sequence[DocumentInfo], terms: Sequence[Term]
) -> list[Cited]:
    infos = {info.id: info for info in documents}
    found = index.search(principal, [term.group for term in terms], among=[*infos])
    sought = _sought(question)
    named = _named(documents, terms)
    best = [
        _best(infos[one.document], one, terms, sought, 1.0 if one.document in named else _NOT_NAMED)
        for one in _promising(found, terms, named)
    ]
    # Of equals the first in its document: a policy begins with what matters most.
    best.sort(key=lambda one: (-one.score, one.found.place))
    return best


def passages(
    index: Index, principal: Principal, words: str, documents: Sequence[DocumentInfo], most: int = 8
) -> tuple[Cited, ...]:
    """The best passages for words, best first: for a reader that judges by itself which of them answer."""
    return tuple(_once(_ranked(index, principal, words, documents, _terms(index, words, documents))))[:most]


def _terms(index: Index, question: str, documents: Sequence[DocumentInfo]) -> tuple[Term, ...]:
    size = index.size()
    named = frozenset(word for info in documents for word in _name(info))
    found: dict[frozenset[str], Term] = {}
    for token in tokens(question):
        if token.norm in stopwords():
            continue
        own = frozenset({stem(token.norm, "en"), stem(token.norm, "pt")})
        group = own.union(*(synonyms().get(one, ()) for one in own))
        count = max(index.frequency(group), len(documents) if own & named else 0)
        weight = math.log(1 + (max(size - count, 0) + 0.5) / (count + 0.5))
        found.setdefault(own, Term(token, own, group, count, weight * (_WEAK if token.norm in _weak() else 1.0)))
    return tuple(found.values())


@cache
def _weak() -> frozenset[str]:
    return frozenset(str(table()["weak"]["words"]).split())


def _name(info: DocumentInfo) -> frozenset[str]:
    """The stems of a document's name and title."""
    return _stems_of_name(f"{info.name} {info.title}")


@lru_cache(4_096)
def _stems_of_name(name: str) -> frozenset[str]:
    words = [token.norm for token in tokens(name.replace("-", " ").replace("_", " "))]
    return frozenset(stem(word, language) for word in words for language in ("en", "pt"))


def _promising(found: Iterable[Found], terms: Sequence[Term], named: frozenset[str]) -> list[Found]:
    """The passages whose words explain most of the question, those of the documents that it names first: BM25 alone
    prefers those that repeat one word."""

    def share(one: Found) -> float:
        words = one.topics.union(*one.stems)
        return sum(term.weight for term in terms if term.group & words)

    return sorted(found, key=lambda one: (one.document not in named, -share(one), one.rank))[:_LOOKED_AT]


def _named(documents: Sequence[DocumentInfo], terms: Sequence[Term]) -> frozenset[str]:
    """The documents that the question calls by name, with two of its words or with all; every one where it names
    none."""
    counts = {info.id: sum(bool(term.group & _name(info)) for term in terms) for info in documents}
    most = max(counts.values(), default=0)
    return frozenset(id for id, count in counts.items() if count == most or most < min(_NAMING, len(terms)))


def _best(info: DocumentInfo, found: Found, terms: Sequence[Term], sought: Sought, weight: float) -> Cited:
    spans, words = list(sentences(found.text)), found.stems
    passage = frozenset[str]().union(*words)
    topics = found.topics | _name(info)
    whole = sum(term.weight for term in terms) or 1.0
    best = Cited(info, found, *spans[0], 0.0)
    for place, (start, end) in enumerate(spans):
        beside = frozenset[str]().union(*words[max(0, place - 1) : place + 2])
        worth = sum(term.weight * _worth(term, words[place], topics, beside, passage) for term in terms)
        score = round(worth / whole * weight * _fits(found.text[start:end], sought, info), 4)
        if score > best.score:
            best = Cited(info, found, start, end, score)
    return best


def _worth(
    term: Term, sentence: frozenset[str], topics: frozenset[str], beside: frozenset[str], passage: frozenset[str]
) -> float:
    if term.own & sentence:
        return 1.0
    if term.group & sentence:
        return _SAME
    if term.group & topics:
        return _TOPIC
    if term.group & beside:
        return _BESIDE
    return _ELSEWHERE if term.group & passage else 0.0


def _once(cited: Iterable[Cited]) -> Iterable[Cited]:
    """The same words are cited once, though the same file may have been given twice."""
    seen = set()
    for one in cited:
        if one.found.text not in seen:
            seen.add(one.found.text)
            yield one


def _sought(question: str) -> Sought:
    """What kind of thing answers."""
    words = [token.norm for token in tokens(question)]
    text = " ".join(words)
    for kind, patterns in table()["sought"].items():
        found = next((match for pattern in patterns if (match := re.search(rf"\b{pattern}\b", text))), None)
        if found:
            after = next((word for word in text[found.end() :].split() if word not in stopwords()), "")
            counted = after if kind == "count" and after not in _weak() else ""
            return Sought(kind, frozenset({stem(counted, "en"), stem(counted, "pt")}) if counted else frozenset())
    return Sought()


def _fits(sentence: str, sought: Sought, info: DocumentInfo) -> float:
    """Whether a sentence holds what is sought: 1, or less."""
    if not sought.kind:
        return 1.0
    words = [token.norm for token in tokens(sentence)]
    told = [place for place, word in enumerate(words) if word[0].isdigit() or word in _telling(sought.kind)]
    if sought.counted and told:
        near = (word for place in told for word in words[place : place + _REACH])
        return 1.0 if any(stem(word, info.language) in sought.counted for word in near) else _WRONG_KIND
    return 1.0 if told else _WRONG_KIND


@cache
def _telling(kind: str) -> frozenset[str]:
    return frozenset(str(table()["telling"][kind]).split())
