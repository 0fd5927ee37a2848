"""From a question's text to scored readings: every step of the analyst in its order."""

from __future__ import annotations

from datetime import date

from prosa.analysts.rules.atoms import Row, rows
from prosa.analysts.rules.grammar import Grammar, grammar
from prosa.analysts.rules.labels import Labels
from prosa.analysts.rules.links import Link, links, slips
from prosa.analysts.rules.measures import Measures
from prosa.analysts.rules.numbers import merged
from prosa.analysts.rules.periods import find
from prosa.analysts.rules.ranking import Scored, confidence, not_understood
from prosa.analysts.rules.readings import read
from prosa.analysts.rules.schema import Schema
from prosa.analysts.rules.sql import Unanswerable, Writer
from prosa.analysts.rules.words import Token, tokens

MOST_READINGS = 10


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
        self.periods = find(self.tokens, self.grammar, today)
        self.links: list[Link] = links(self.tokens, self.grammar, schema, self.language)
        self.links += named.links(self.tokens, self.grammar)
        self.readings = self._readings()

    def _readings(self) -> list[Scored]:
        found: dict[str, Scored] = {}
        rows = self._rows()[:MOST_READINGS]
        for row in rows:
            scored = self._scored(row, rows[0].score - row.score)
            if scored is not None and (scored.sql not in found or found[scored.sql].confidence < scored.confidence):
                found[scored.sql] = scored
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

    def _scored(self, row: Row, behind: float) -> Scored | None:
        result = read(row.atoms, self.schema, self.named)
        if result is None:
            self.failure = self.failure or "nothing_asked"
            return None
        reading, state = result
        try:
            writer = Writer(reading, self.schema, self.labels.title)
            sql = writer.statement()
        except Unanswerable as error:
            self.failure = error.reason
            return None
        unknown = not_understood(state, reading, self.tokens, self.schema)
        return Scored(confidence(row, state, unknown, writer, behind), reading, sql, unknown, state)
