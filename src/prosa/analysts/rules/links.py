"""Spans of the question and what they may mean in this catalog: tables, columns, values, named measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from prosa.analysts.rules import lexicon
from prosa.analysts.rules.grammar import Grammar, grammar
from prosa.analysts.rules.lexicon import Keys
from prosa.analysts.rules.reading import Field
from prosa.analysts.rules.schema import Element, Schema, is_date, telling
from prosa.analysts.rules.values import EXACT, SLIP, Found
from prosa.analysts.rules.words import Token, normal, singular, singular_pt

Kind = Literal["table", "column", "value", "measure"]

Weights = dict[tuple[int, int], float]
"""How surely two words mean the same, by the identities of their keys, which the lexicon and the schema keep alive."""

MOST_WORDS = 4
MOST_VALUE_WORDS = 6
MOST_TARGETS = 8
LEAST_SCORE = 0.5
_WINDOW = 0.2
_PARTLY = 0.5
_NAME, _ALSO_NAME = 0.85, 0.75
"""A word this near to a name is a name first: what is left then of its being a value."""
POINTER, _POINTER_NUMBER = 0.8, 0.93
"""What is left of a link to a foreign key, so that the table it points at comes first; also when its number is asked
for, which stands in that table as well."""
_NAMESAKE = 0.93
"""What is left of a link to a column that is called like its table, so that the table's rows come first."""
_DETOUR = 0.75
"""What is left of a link from one language back to itself by way of the other."""
_KINDS = 25
_SLIP_LETTERS, _SLIP_SHIFT, _SLIP_NEAR = 5, 2, 84
_SHORT = 3
_DONE_PT = ("adas", "ados", "idas", "idos")
_CONNECTORS = frozenset(
    {"of", "de", "'s", "their", "its", "his", "her", "all", "seu", "sua", "seus", "suas", "each", "em"}
)


class Target(NamedTuple):
    """What a span may mean. `column` is empty for tables, `value` for all but values; a measure has its name there."""

    kind: Kind
    table: str
    column: str = ""
    value: str = ""


class Link(NamedTuple):
    """A span of tokens and one thing that it may mean, from 0 to 1 how surely."""

    start: int
    end: int
    target: Target
    score: float
    words: int


def links(tokens: Sequence[Token], grammar: Grammar, schema: Schema, language: str) -> list[Link]:
    """All links of a question, over each other as they come."""
    found = _schema_links(tokens, grammar, schema, language)
    names = {(link.start, link.end) for link in found if _literal(link, tokens, schema)}
    found += [
        link._replace(score=link.score * _ALSO_NAME) if _small(link, names, tokens) else link
        for link in _value_links(tokens, grammar, schema, language)
    ]
    return _narrowed(found)


def _literal(link: Link, tokens: Sequence[Token], schema: Schema) -> bool:
    """Whether the words of a link stand in the schema themselves, rather than words that mean the same."""
    if link.score >= _NAME:
        return True
    return link.end - link.start == 1 and bool(schema.near({f"={singular(tokens[link.start].norm)}": 1.0}))


def _small(link: Link, names: set[tuple[int, int]], tokens: Sequence[Token]) -> bool:
    """Whether a value is written like any word, and the word is the name of a table or column as well."""
    return (link.start, link.end) in names and (tokens[link.start].text.islower() or link.start == 0)


def content(tokens: Sequence[Token], grammar: Grammar) -> list[str]:
    """The words of a span that carry meaning."""
    return [
        token.norm for token in tokens if token.norm not in grammar.articles and grammar.word(token) not in _CONNECTORS
    ]


def _schema_links(tokens: Sequence[Token], grammar: Grammar, schema: Schema, language: str) -> list[Link]:
    found = []
    for start, token in enumerate(tokens):
        if token.kind != "word" or not _meant(token, grammar):
            continue
        for end in range(start + 1, min(len(tokens), start + 2 * MOST_WORDS) + 1):
            last = tokens[end - 1]
            if (last.kind != "word" and last.norm != "'s") or _denies(tokens, end - 1, grammar):
                break
            if not _meant(last, grammar):
                continue
            words = content(tokens[start:end], grammar)
            if len(words) > MOST_WORDS:
                break
            if _two_things(tokens[start:end], language) or _counts_each(tokens, start, end, grammar):
                continue
            whole = _counting(tokens, start, end, grammar)
            found += [
                Link(start, end, target, score, len(words))
                for target, score in _elements(tuple(words), schema, language)
                if not _of_table(tokens[start:end], words, target, schema, language)
                if not whole or normal(target.column or target.table) == whole or _is_numbered(last, score, language)
            ]
    return found


def _denies(tokens: Sequence[Token], place: int, grammar: Grammar) -> bool:
    """Whether a word says not: it is no part of a name, whatever `no` is short for."""
    match = grammar.match(tokens, place)
    return match is not None and match.length == 1 and "not" in match.names


def _counting(tokens: Sequence[Token], start: int, end: int, grammar: Grammar) -> str:
    """The words of a span that begins like a count: `number of rooms` counts rooms, unless a column is called so."""
    match = grammar.match(tokens, start)
    if match is None or "count" not in match.names or match.length < 2 or start + match.length >= end:
        return ""
    return normal(" ".join(token.text for token in tokens[start:end]))


def _is_numbered(last: Token, score: float, language: str) -> bool:
    """`número de versão`, unlike `número de versões`: nobody counts one thing in Portuguese."""
    return language == "pt" and score >= _NAME and singular_pt(last.norm) == last.norm


def _counts_each(tokens: Sequence[Token], start: int, end: int, grammar: Grammar) -> bool:
    """Whether a span would swallow what is counted for each: `number of festivals of each category`."""
    if not any(token.norm in ("each", "cada") for token in tokens[start:end]):
        return False
    before = (grammar.match(tokens, place) for place in range(max(0, start - 3), start))
    return any(match is not None and {"count", "sum", "avg"}.intersection(match.names) for match in before)


def _of_table(span: Sequence[Token], words: Sequence[str], target: Target, schema: Schema, language: str) -> bool:
    """Whether a span is about the table rather than its column: `cancelled subscriptions`, `assinaturas canceladas` are
    subscriptions, whatever column says when they were cancelled."""
    if language == "pt":
        dated = target.kind == "column" and is_date(schema.column(Field(target.table, target.column)))
        words = words[::-1] if dated and words[-1].endswith(_DONE_PT) else words[-1:]
    joined = any(token.norm in _CONNECTORS for token in span)
    if len(words) < 2 or joined or target.kind != "column" or span[-1].norm == "'s":
        return False
    keys = lexicon.keys(words[-1], language)
    near = {word.own for word in schema.element(target.table, target.column).words if _weight(keys, word.keys)}
    return near == {False} or (not near and singular(words[-1]) != words[-1])


def _two_things(span: Sequence[Token], language: str) -> bool:
    """Whether a plural stands right before another word: `branches opened` is not the opening of branches, nor would
    English put it so."""
    if language != "en" or len(span) < 2 or span[1].kind != "word" or span[1].norm in _CONNECTORS:
        return False
    return singular(span[0].norm) != span[0].norm


def _meant(token: Token, grammar: Grammar) -> bool:
    return token.norm not in grammar.articles and grammar.word(token) not in _CONNECTORS and token.kind == "word"


def _elements(words: tuple[str, ...], schema: Schema, language: str) -> list[tuple[Target, float]]:
    best: dict[Target, float] = {}
    # Synonyms of synonyms would lead anywhere: phrases of the lexicon are met by their own words alone.
    ways = [([lexicon.wider(word, language) for word in words], lexicon.SAME)]
    ways += [
        ([lexicon.keys(word, "en") for word in telling(phrase)], weight)
        for phrase, weight in lexicon.phrases(words, language)
    ]
    known: Weights = {}
    for keys, weight in ways:
        for place in _candidates(keys, schema):
            element = schema.elements[place]
            score = weight * closeness(keys, element, known) * element.weight
            if score >= LEAST_SCORE and (score := score * _plainness(element, keys, schema)) >= LEAST_SCORE:
                target = Target("column" if element.column else "table", *element.id)
                best[target] = max(best.get(target, 0.0), score)
    return list(best.items())


def _plainness(element: Element, keys: Sequence[Keys], schema: Schema) -> float:
    """A column that only points at another table stands behind that table, unless its number itself is asked for."""
    if element.column is None:
        return 1.0
    if not schema.points(element.table.name, element.column.name):
        return _NAMESAKE if schema.is_namesake(element) else 1.0
    number = any("=id" in word or "=code" in word or "=number" in word for word in keys)
    return _POINTER_NUMBER if number else POINTER


def _candidates(keys: Sequence[Keys], schema: Schema) -> set[int]:
    common = schema.near(keys[0])
    for more in keys[1:]:
        common &= schema.near(more)
    return common


def closeness(keys: Sequence[Keys], element: Element, known: Weights | None = None) -> float:
    """How well words fit a name, from 0 to 1: every word must have its own in the name, and words of the name that are
    left over cost what they say, and a table that is named must be named whole. `known` keeps what was found for pairs
    of words, which come again and again in a large catalog."""
    known = {} if known is None else known
    left = list(element.words)
    own = told = 0.0
    partly = False
    for word in keys:
        place, weight = 0, 0.0
        for number, other in enumerate(left):
            pair = id(word), id(other.keys)
            near = known.get(pair)
            if near is None:
                near = known[pair] = _weight(word, other.keys)
            if near > weight:
                place, weight = number, near
        if weight == 0.0:
            return 0.0
        told += weight
        own += weight if left[place].own else 0.0
        partly = partly or not left[place].own
        del left[place]
    if own == 0.0:
        return 0.0
    return told / (len(keys) + sum(word.cost if word.own or not partly else _PARTLY for word in left))


def _weight(word: Keys, other: Keys) -> float:
    best = max((weight * other[key] for key, weight in word.items() if key in other), default=0.0)
    return best * _DETOUR if 0.0 < best < 1.0 and _unlike(word, other) else best


def _unlike(word: Keys, other: Keys) -> bool:
    """Whether two Portuguese words of different roots meet in an English one alone: `valor` and `quantidade` in
    `amount`."""
    roots = [{key for key in keys if key.startswith("p:")} for keys in (word, other)]
    return all(roots) and not roots[0] & roots[1]


def _value_links(tokens: Sequence[Token], grammar: Grammar, schema: Schema, language: str) -> list[Link]:
    found = []
    for start, token in enumerate(tokens):
        if token.kind == "quoted":
            found += _quoted(start, token, schema, language)
            continue
        if token.kind not in ("word", "number"):
            continue
        for end in range(start + 1, min(len(tokens), start + MOST_VALUE_WORDS) + 1):
            span = tokens[start:end]
            if span[-1].kind not in ("word", "number", "mark") or (not span[-1].norm.isascii() and not span[-1].norm):
                break
            if span[-1].kind == "mark":
                continue
            found += _values(start, end, span, grammar, schema, language)
    return found


def _values(start: int, end: int, span: Sequence[Token], grammar: Grammar, schema: Schema, language: str) -> list[Link]:
    words = tuple(normal(" ".join(token.text for token in span)).split())
    if not words or (len(span) == 1 and _common(span[0], grammar)):
        return []
    if len(span) == 1 and span[0].kind == "number" and len(words[0]) < 3:
        return []
    return [
        _value(start, end, hit, end - start)
        for hit in schema.values.find(words, language)
        if hit.score == EXACT or _written_as_value(span, hit, schema)
    ]


def _value(start: int, end: int, hit: Found, words: int) -> Link:
    target = Target("value", hit.value.table, hit.value.column, hit.value.text)
    return Link(start, end, target, hit.score, words)


def _written_as_value(span: Sequence[Token], hit: Found, schema: Schema) -> bool:
    """Whether words in another form than the value's may mean it: they are written like a name, or the column holds
    kinds of things rather than names."""
    if any(token.text[:1].isupper() and token.start > 0 for token in span):
        return True
    info = schema.column(Field(hit.value.table, hit.value.column))
    return info.role in ("category", "flag") or (info.distinct or 0) <= _KINDS


def _common(token: Token, grammar: Grammar) -> bool:
    """Words of the grammar's own are values only when they are written like names."""
    small = token.norm in grammar.articles or token.norm in grammar.silent or grammar.match([token], 0) is not None
    return small and (token.text.islower() or token.start == 0 or token.text == "I")


def _quoted(start: int, token: Token, schema: Schema, language: str) -> list[Link]:
    hits = schema.values.find(tuple(token.norm.split()), language) or schema.values.slips(token.norm)
    return [_value(start, start + 1, hit, 1) for hit in hits]


def _narrowed(found: list[Link]) -> list[Link]:
    """For each span the targets near the best one, those in tables that the question names more surely first."""
    told: dict[str, float] = {}
    for link in found:
        weight = link.score * (1.0 if link.target.kind == "table" else 0.5)
        told[link.target.table] = max(told.get(link.target.table, 0.0), weight)
    spans: dict[tuple[int, int], list[Link]] = {}
    for link in found:
        spans.setdefault((link.start, link.end), []).append(link)
    kept = []
    for span in spans.values():
        best = max(link.score for link in span)
        near = [link for link in span if link.score >= best - _WINDOW]
        near.sort(key=lambda link: (-link.score - 0.2 * told[link.target.table], link.target))
        kept += near[:MOST_TARGETS]
    return kept


def slips(tokens: Sequence[Token], places: Sequence[int], schema: Schema) -> list[Link]:
    """Links for words that nothing explains: one word of a name, or a small slip of writing in a name or value."""
    found = []
    for place in places:
        if tokens[place].kind != "word":
            continue
        found += _long_slips(tokens, place, schema)
        named = _named(tokens[place], schema)
        found += [_value(place, place + 1, hit, 1) for hit in named]
        if not named:
            found += _slips(tokens[place], place, schema)
    return _narrowed(found)


def _named(token: Token, schema: Schema) -> list[Found]:
    """The name that a word is a part of; in small letters only where it is no word of either language."""
    word = token.norm
    small = not token.text[:1].isupper()
    if (small and lexicon.knows(word)) or ((small or len(word) <= _SHORT) and _is_function_word(word)):
        return []
    return schema.values.named(word)


def _is_function_word(word: str) -> bool:
    """Whether a word is one of those that hold sentences together, in either language: `for`, `seu`."""
    return any(
        word in one.articles or word in one.silent or word in one.light or word in one.aliases or one.begins(word)
        for one in map(grammar, ("en", "pt"))
    )


def _slips(token: Token, place: int, schema: Schema) -> list[Link]:
    """A word of its own that is written nearly like the name of a table or column, or like a value."""
    word, found = token.norm, []
    if len(word) < _SLIP_LETTERS or lexicon.knows(word):
        return []
    for element in schema.elements:
        near = max(
            fuzz.ratio(word, name) if abs(len(name) - len(word)) <= _SLIP_SHIFT else 0.0
            for name in {element.name, singular(element.name)}
        )
        if element.name and near >= _SLIP_NEAR:
            target = Target("column" if element.column else "table", *element.id)
            found.append(Link(place, place + 1, target, SLIP * near / 100, 1))
    hits = schema.values.slips(word)
    return found + [_value(place, place + 1, hit, 1) for hit in hits if _written_as_value([token], hit, schema)]


def _long_slips(tokens: Sequence[Token], place: int, schema: Schema) -> list[Link]:
    """Values of several words, one of which is written with a slip: `Sao Paolo`."""
    found = []
    for size in range(2, MOST_WORDS + 1):
        for start in range(max(0, place - size + 1), place + 1):
            span = tokens[start : start + size]
            if len(span) < size or any(token.kind != "word" for token in span):
                continue
            found += [
                _value(start, start + size, hit, size)
                for hit in schema.values.slips(" ".join(token.norm for token in span))
                if _word_by_word(span, hit) and _written_as_value(span, hit, schema)
            ]
    return found


def _word_by_word(span: Sequence[Token], hit: Found) -> bool:
    """Whether a value has as many words as the span, and each small word at the ends is the value's own."""
    words = normal(hit.value.text).split()
    ends = ((span[0], words[0]), (span[-1], words[-1]))
    return len(words) == len(span) and all(
        token.norm == word or not (token.text.islower() and _is_function_word(token.norm)) for token, word in ends
    )
