"""How sure a reading is: the chance that it is right, from what speaks for and against it.

The weights are data, fitted by `scripts/fit_analyst.py` on questions whose answers are known.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from prosa.analysts.rules import lexicon
from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.data import data
from prosa.analysts.rules.frame import fields
from prosa.analysts.rules.reading import AnyOf, Condition, Expression, Measure, Reading
from prosa.analysts.rules.readings.state import State, field_of
from prosa.analysts.rules.schema import Schema
from prosa.analysts.rules.statements import Statement
from prosa.analysts.rules.words import Token, fold, kin, stem, stem_pt
from prosa.events import Word

_ADJECTIVES = (
    "ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas", "ivo", "iva", "ivos", "ivas",
    "oso", "osa", "osos", "osas", "nte", "ntes", "vel", "veis",
)  # fmt: skip
"""How Portuguese adjectives end that say what kind of rows is meant."""

Features = dict[str, float]

_MOST_JOINS = 2
_LEAST = 0.05
"""The quality below which links count alike; a logarithm needs a floor."""
_VERBS = ("ed", "ing", "ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas", "am", "aram", "ou")


class Scored(NamedTuple):
    """A reading with how sure it is (0 to 1), its statement, the words that nothing explains, and why."""

    confidence: float
    reading: Reading
    sql: str
    unknown: tuple[Word, ...]
    state: State
    features: Features
    additive: bool = False

    def less(self, name: str, amount: float = 1.0) -> Scored:
        """The reading with one thing more that speaks against it."""
        features = {**self.features, name: self.features.get(name, 0.0) + amount}
        return self._replace(confidence=confidence(features), features=features)


def confidence(features: Mapping[str, float]) -> float:
    """The chance that a reading is right: a logistic function of the weighted features."""
    weights = _weights()
    score = weights["bias"] + sum(weights.get(name, 0.0) * amount for name, amount in features.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def odds(chance: float) -> float:
    """A chance in log-odds."""
    bounded = min(1 - 1e-9, max(1e-9, chance))
    return math.log(bounded / (1 - bounded))


@cache
def _weights() -> dict[str, float]:
    return {name: float(weight) for name, weight in data("weights").items()}


def described(state: State, reading: Reading, unknown: Sequence[Word], written: Statement) -> Features:
    """What speaks for and against a reading, each thing with how much of it there is."""
    found: Features = dict(Counter(f"doubt_{name}" for name in state.doubts))
    found |= _linked(state)
    found |= Counter(_kind(word) for word in unknown)
    nouns = sum(_kind(word) != "unknown_verb" for word in unknown)
    found["unknown_share"] = nouns / max(1, nouns + sum(bool(atom.target.table) for atom in state.atoms))
    asked = sum(_is_asked_for(atom, state) or _describes(atom, state) for atom in state.unknown)
    found["attribute_unknown"] = asked if unknown else 0
    found["value_unknown"] = sum(_narrows_down(atom, state) for atom in state.unknown) if nouns else 0
    found["counts_itself"] = any(
        one.fold == "count" and (_by_itself(one, reading) or _is_one(one, reading, state)) for one in reading.measures
    )
    found |= _shape(reading)
    if not state.shown:
        found["shape_columns"] = 0  # the columns that a row is listed with were not asked for one by one
    found["ignored"] = len(state.ignored)
    found["other_way"] = written.doubtful
    found["joins"] = min(_MOST_JOINS, written.joins)
    found["named_measure"] = any(one.name for one in reading.measures)
    found["inferred"] = written.inferred
    found["unsupported"] = sum(atom.has("unsupported", "share", "whether") for atom in state.ignored)
    if reading.derived == "exists":
        found["shape_list"] = found["shape_names_only"] = 0  # which rows there are is not what was asked
        found["unsupported"] += bool(unknown)  # a yes to less than what was asked would be a wrong one
    found["derived"] = bool(reading.derived)
    return {name: float(amount) for name, amount in found.items() if amount}


def _linked(state: State) -> Features:
    links = [atom for atom in state.atoms if atom.target.table]
    words = sum(atom.end - atom.start for atom in links)
    if not words:
        return {"no_links": 1.0}
    quality = sum(atom.score * (atom.end - atom.start) for atom in links) / words
    worst = min(atom.score for atom in links)
    return {
        "quality": -math.log(min(1.0, max(_LEAST, quality))),
        "worst": -math.log(min(1.0, max(_LEAST, worst))),
        "long": math.log(state.atoms[-1].end),
    }


def _kind(word: Word) -> str:
    """What sort of word was not understood: numbers and names change an answer, verbs seldom do."""
    if any(letter.isdigit() for letter in word.text):
        return "unknown_number"
    if word.text[:1].isupper() and word.start > 0:
        return "unknown_name"
    verb = word.text.casefold().endswith(_VERBS) or lexicon.verb_of(fold(word.text))
    return "unknown_verb" if verb else "unknown"


def _is_asked_for(atom: Atom, state: State) -> bool:
    """Whether a word that was not understood is what the question asks for: `weight of the products`."""
    place = state.loud.index(atom) if atom in state.loud else -1
    if place < 0:
        return False
    before = state.loud[place - 1] if place else None
    if before is not None and before.text == "a" and place > 1:
        before = state.loud[place - 2]  # the Portuguese article, which is written like `to`
    after = state.loud[place + 1] if place + 1 < len(state.loud) else None
    # `que` asks for something at the beginning; later it says more of what stands before it.
    opens = before is not None and before.has("open") and not (before.has("with") and place > 1)
    asked = before is None or opens or before.has("avg", "sum", "max", "min", "median", "highest", "lowest", "count")
    return asked and (after is None or after.has("of", "group", "count", "in") or bool(after.target.table))


def _narrows_down(atom: Atom, state: State) -> bool:
    """Whether a word that was not understood stands where a value would: `sales on mondays`."""
    place = state.loud.index(atom) if atom in state.loud else 0
    before = state.loud[place - 1] if place else None
    after = state.loud[place + 1] if place + 1 < len(state.loud) else None
    ends = after is None or after.has("and", "or", "comma", "order") or after.kind == "period"
    return ends and before is not None and before.has("in", "of", "eq", "be", "ne", "with", "group")


def _describes(atom: Atom, state: State) -> bool:
    """Whether a word that was not understood is an adjective behind its noun, which says what rows are meant:
    `assinaturas pausadas`."""
    place = state.loud.index(atom) if atom in state.loud else 0
    before = state.loud[place - 1] if place else None
    after = state.loud[place + 1] if place + 1 < len(state.loud) else None
    ends = after is None or after.has("and", "or", "comma", "order", "group") or after.kind == "period"
    if before is None or not ends or before.end != atom.start or not fold(atom.text).endswith(_ADJECTIVES):
        return False
    # Where a file is called otherwise, its rows are named by their key: `subscription_id`.
    keyed = before.kind == "column" and state.info(field_of(before)).role == "id"
    return before.kind == "table" or keyed or (before.kind == "column" and state.names_rows(before.text))


def _by_itself(measure: Measure, reading: Reading) -> bool:
    """Whether rows are counted for each of themselves: one everywhere."""
    return (
        bool(reading.dimensions)
        and not reading.groups_counted
        and not reading.having
        and all(one.entity and one.field.table == measure.table for one in reading.dimensions)
    )


def _is_one(measure: Measure, reading: Reading, state: State) -> bool:
    """Whether the rows of one name are counted, of which there is one: `how many states does Iowa border?` asks for
    something else. Where a column says that the name is meant, it is."""
    said = {field_of(atom) for atom in state.atoms if atom.kind == "column"}
    for one in reading.conditions:
        named = one.what.fields[0] if isinstance(one, Condition) and one.compare == "=" and not one.negated else None
        if named is None or named.table != measure.table or named in said:
            continue
        info = state.info(named)
        names = named == state.display(named.table) or info.role in ("name", "text", "id")
        if names and info.distinct == state.table(named.table).rows:
            return True
    return False


def _shape(reading: Reading) -> Features:
    """Which constructs a reading has: some are what was asked for more often than others."""
    order = reading.order
    conditions = [one for one in reading.conditions if isinstance(one, Condition)]
    return {
        "shape_list": float(not reading.measures and not reading.dimensions),
        "shape_names_only": float(bool(reading.subject) and len(reading.shown) == 1),
        "shape_groups": float(bool(reading.dimensions)),
        "shape_measures": float(max(0, len(reading.measures) - 1)),
        "shape_columns": float(max(0, len(reading.shown) - 2)),
        "shape_having": float(bool(reading.having)),
        "shape_absent": float(any(one.negated for one in reading.exists)),
        "shape_either": float(any(isinstance(one, AnyOf) for one in reading.conditions)),
        "shape_negated": float(any(one.negated for one in conditions)),
        "shape_equal": float(sum(one.compare in ("=", "in") for one in conditions)),
        "shape_compared": float(sum(one.compare not in ("=", "in") for one in conditions)),
        "shape_dated": float(len({period.field for period in reading.periods})),
        "shape_linked": float(len(reading.links)),
        "shape_ranked_rows": float(order is not None and isinstance(order.by, Expression)),
        "shape_ranked_groups": float(order is not None and isinstance(order.by, Measure)),
        "shape_distinct": float(reading.distinct),
    }


def not_understood(
    state: State, reading: Reading, tokens: Sequence[Token], schema: Schema, language: str
) -> tuple[Word, ...]:
    """The words that nothing explains: neither an atom that was used, nor a name that the reading uses anyway."""
    used = _roots(state, reading, schema)
    words = []
    for atom in state.unknown:
        for token in tokens[atom.start : atom.end]:
            if not _supported(token, used, language):
                words.append(Word(token.text, token.start, token.end))
    return tuple(words)


def _roots(state: State, reading: Reading, schema: Schema) -> set[str]:
    """The stems of the tables and columns that a reading uses."""
    names = {(atom.target.table, "") for atom in state.atoms if atom.target.table}
    names |= {(atom.target.table, atom.target.column) for atom in state.atoms if atom.kind == "column"}
    names |= {(field.table, field.column) for one in (*reading.conditions, *reading.periods) for field in fields(one)}
    stems = {key for name in names for word in schema.element(*name).words for key in word.keys}
    return {key.removeprefix("p:") for key in stems if key[:1] != "="}


def _supported(token: Token, used: set[str], language: str) -> bool:
    """`conducted` says nothing more beside a table of conductors, nor does `regeram`."""
    meant = [key for key in lexicon.keys(token.norm, language) if key[:1] != "="]
    words = {stem(token.norm), stem_pt(token.norm), *(key.removeprefix("p:") for key in meant)}
    return any(word in used or any(kin(word, other) for other in used) for word in words)


def leftover(atom: Atom, tokens: Sequence[Token]) -> str:
    """The words of an atom as the person wrote them."""
    return " ".join(token.text for token in tokens[atom.start : atom.end])
