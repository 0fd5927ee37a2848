"""From a question's text to scored readings: every step of the analyst in its order."""

from __future__ import annotations

from datetime import date

import msgspec

from prosa.analysts.rules.atoms import Atom, Row, Spanned, rows
from prosa.analysts.rules.frame import Unanswerable
from prosa.analysts.rules.grammar import Grammar, grammar
from prosa.analysts.rules.labels import Labels
from prosa.analysts.rules.lexicon import SAME
from prosa.analysts.rules.links import Link, links, slips
from prosa.analysts.rules.measures import Measures
from prosa.analysts.rules.numbers import merged
from prosa.analysts.rules.periods import find
from prosa.analysts.rules.ranking import Scored, confidence, described, not_understood
from prosa.analysts.rules.reading import Reading
from prosa.analysts.rules.readings import read
from prosa.analysts.rules.readings.state import State
from prosa.analysts.rules.schema import Schema
from prosa.analysts.rules.statements import statement
from prosa.analysts.rules.weekdays import Weekdays
from prosa.analysts.rules.words import Token, tokens

MOST_READINGS = 10
_OTHERWISE = {"fans_out": "would_count_twice", "contradiction": "would_contradict"}
"""What speaks against a reading where a likelier one would count rows twice, or ask for what no row can meet."""


class Understanding:
    """All that one question may mean over one catalog, the surest first; `failure` says why nothing is left."""

    def __init__(self, text: str, language: str, schema: Schema, named: Measures, labels: Labels, today: date) -> None:
        self.grammar: Grammar = grammar(language)
        self.language = "pt" if language in ("pt", "es") else "en"
        self.tokens: list[Token] = merged(self.grammar.rewritten(tokens(text, self.language)), self.language)
        self.schema = schema
        self.named = named
        self.labels = labels
        self.failure = ""
        self.links: list[Link] = links(self.tokens, self.grammar, schema, self.language)
        self.periods = [one for one in find(self.tokens, self.grammar, today) if not self._stored(one)]
        self.links = named.claimed(self.links, named.links(self.tokens, self.grammar))
        self.rows = self._rows()[:MOST_READINGS]
        self.readings = self._readings()

    @property
    def writes(self) -> bool:
        """Whether the question wants to change data: it begins with such a verb."""
        atoms = [atom for atom in self.rows[0].atoms if atom.kind != "silent"] if self.rows else []
        if not atoms:
            return False
        match = self.grammar.match(self.tokens, atoms[0].start)
        # `cancel` may be near a column such as `cancelled_on`; a table of updates is more than near.
        linked = bool(atoms[0].target.table) and atoms[0].score >= SAME
        return match is not None and "write" in match.names and not linked

    @property
    def strange(self) -> list[Atom]:
        """The atoms of the likeliest row that mean nothing known."""
        return [atom for atom in self.rows[0].atoms if atom.kind == "unknown"] if self.rows else []

    def contested(self, atom: Atom) -> bool:
        """Whether the readings near the best one see something else in the place of an atom."""
        best = self.readings[0].confidence
        near = [one for one in self.readings if one.confidence >= 0.9 * best]
        others = [other for one in near for other in one.state.atoms if other.target.table]
        return any(
            other.start < atom.end and atom.start < other.end and other.target != atom.target for other in others
        )

    def _stored(self, period: Spanned) -> bool:
        """Whether a weekday is a value of the data, so that it is no matter of dates."""
        return isinstance(period.value, Weekdays) and any(
            link.target.kind == "value" and period.start <= link.start < period.end for link in self.links
        )

    def _readings(self) -> list[Scored]:
        scored = [(row.score, one) for row in self.rows if (one := self._scored(row)) is not None]
        # A row that leaves words or operations over has misread the question: it is no measure for the others.
        whole = [score for score, one in scored if not one.unknown and not one.state.ignored]
        best = max(whole or [self.rows[0].score if self.rows else 0.0])
        found: dict[str, Scored] = {}
        for score, one in scored:
            sure = one.less("lag", max(0.0, best - score))
            if sure.sql not in found or found[sure.sql].confidence < sure.confidence:
                found[sure.sql] = sure
        return sorted(found.values(), key=lambda one: -one.confidence)

    def _rows(self) -> list[Row]:
        """The rows of atoms; words that nothing explains are tried again with a small slip allowed."""
        first = rows(self.tokens, self.links, self.periods, self.grammar, self.schema.joins.distance)
        strange = [atom.start for atom in first[0].atoms if atom.kind == "unknown"] if first else []
        more = slips(self.tokens, strange, self.schema) if strange else []
        if not more:
            return first
        self.links += more
        return rows(self.tokens, self.links, self.periods, self.grammar, self.schema.joins.distance)

    def _scored(self, row: Row) -> Scored | None:
        result = read(row.atoms, self.schema, self.named)
        if result is None:
            self.failure = self.failure or "nothing_asked"
            return None
        scored = self.scored(*result)
        if scored is not None and self.failure in _OTHERWISE:
            return scored.less(_OTHERWISE[self.failure])
        return scored

    def scored(self, reading: Reading, state: State) -> Scored | None:
        """A reading with its statement and how sure it is; None where the data can't give it, with `failure` set."""
        try:
            written = statement(reading, self.schema, self.labels, self.labels.derived)
        except Unanswerable as error:
            self.failure = error.reason
            return None
        unknown = not_understood(state, reading, self.tokens, self.schema, self.language)
        told = msgspec.structs.replace(reading, links=written.links)
        features = described(state, told, unknown, written)
        return Scored(confidence(features), told, written.sql, unknown, state, features, written.additive)
