"""How sure a reading is: links, the share of words explained, joins, and what had to be taken for granted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.frame import fields
from prosa.analysts.rules.reading import Reading
from prosa.analysts.rules.readings.state import State
from prosa.analysts.rules.schema import Schema
from prosa.analysts.rules.statements import Statement
from prosa.analysts.rules.words import Token, kin, stem, stem_pt
from prosa.events import Word

_UNKNOWN, _IGNORED, _JOIN, _FURTHER, _BEHIND, _OTHER_WAY = 0.5, 0.25, 0.97, 0.9, 0.65, 0.5
"""What is left of the certainty for each word not understood, operation not used, further table, hint not used, point
that the row of atoms is behind the best one, and join that could go another way."""


_NO_LINKS = 0.9
"""How sure a question is that only edits the last one, by words of the grammar alone."""


class Scored(NamedTuple):
    """A reading with how sure it is (0 to 1), its statement, and the words that nothing explains."""

    confidence: float
    reading: Reading
    sql: str
    unknown: tuple[Word, ...]
    state: State
    additive: bool = False


def lag(behind: float) -> float:
    """What is left of a reading's certainty when its row of atoms falls so many points short of the best one."""
    return float(_BEHIND ** max(0.0, behind))


def confidence(state: State, unknown: Sequence[Word], written: Statement) -> float:
    """How sure a reading is by itself."""
    links = [atom for atom in state.atoms if atom.target.table]
    words = sum(atom.end - atom.start for atom in links)
    quality = sum(atom.score * (atom.end - atom.start) for atom in links) / words if words else _NO_LINKS
    sure = min(1.0, quality) * state.doubts
    sure *= _UNKNOWN ** len(unknown) * _IGNORED ** len(state.ignored)
    sure *= _OTHER_WAY**written.doubtful
    return float(sure * _JOIN**written.joins * _FURTHER ** len(state.hints))


def not_understood(state: State, reading: Reading, tokens: Sequence[Token], schema: Schema) -> tuple[Word, ...]:
    """The words that nothing explains: neither an atom that was used, nor a name that the reading uses anyway."""
    used = _roots(state, reading, schema)
    words = []
    for atom in state.unknown:
        for token in tokens[atom.start : atom.end]:
            if not _supported(token, used):
                words.append(Word(token.text, token.start, token.end))
    return tuple(words)


def _roots(state: State, reading: Reading, schema: Schema) -> set[str]:
    """The stems of the tables and columns that a reading uses."""
    names = {(atom.target.table, "") for atom in state.atoms if atom.target.table}
    names |= {(atom.target.table, atom.target.column) for atom in state.atoms if atom.kind == "column"}
    names |= {(field.table, field.column) for one in (*reading.conditions, *reading.periods) for field in fields(one)}
    stems = {key for name in names for word in schema.element(*name).words for key in word.keys}
    return {key.removeprefix("p:") for key in stems if key[:1] != "="}


def _supported(token: Token, used: set[str]) -> bool:
    """`conducted` says nothing more beside a table of conductors."""
    return any(
        word in used or any(kin(word, other) for other in used) for word in (stem(token.norm), stem_pt(token.norm))
    )


def leftover(atom: Atom, tokens: Sequence[Token]) -> str:
    """The words of an atom as the person wrote them."""
    return " ".join(token.text for token in tokens[atom.start : atom.end])
