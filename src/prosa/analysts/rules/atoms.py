"""The question as a row of atoms: phrases of the grammar, links into the catalog, numbers, periods.

Where words may mean several things, there are several rows, the likeliest first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from prosa.analysts.rules.grammar import Grammar
from prosa.analysts.rules.links import Link, Target
from prosa.analysts.rules.words import Token

Kind = Literal["op", "table", "column", "value", "measure", "number", "date", "period", "silent", "unknown"]

_WORD, _PHRASE, _SILENT, _NUMBER, _SPAN, _WHOLE = 0.93, 1.08, 0.85, 0.9, 1.1, 0.45
"""What a token is worth in a small word, a longer phrase, a word without meaning, a number, a period; and what each
further word of a name adds, so that `product type` is one thing rather than two."""
_PATHS, _BEAM = 5, 16
_NEAR = 0.9
_SAME_TABLE, _PER_JOIN, _APART, _OWN_VALUE, _OWN_COLUMN, _BESIDE, _STRANGE = 0.12, 0.1, 1.5, 0.4, 0.25, 0.08, 0.2
"""What speaks for a target: its table is already there; joins needed; no way to it; a value of the column just named;
a column of the table just named; the same table as
the last target; a column of another table right behind a table."""

Distance = Callable[[str, str], "float | None"]


class Atom(NamedTuple):
    """A piece of the question that does one thing. `names` are the operations of a phrase."""

    kind: Kind
    start: int
    end: int
    names: tuple[str, ...] = ()
    target: Target = Target("table", "")
    score: float = 1.0
    value: Any = None
    text: str = ""

    def has(self, *names: str) -> bool:
        """Whether it is a phrase that may do one of these."""
        return self.kind == "op" and any(name in self.names for name in names)


class Spanned(NamedTuple):
    """Something found elsewhere that takes whole tokens: a period."""

    start: int
    end: int
    value: Any


class Row(NamedTuple):
    """One way to see the whole question."""

    score: float
    atoms: tuple[Atom, ...]


class _Segment(NamedTuple):
    start: int
    end: int
    score: float
    atoms: tuple[Atom, ...]


def rows(
    tokens: Sequence[Token], links: Sequence[Link], periods: Sequence[Spanned], grammar: Grammar, distance: Distance
) -> list[Row]:
    """The likeliest rows of atoms, best first; at most sixteen."""
    segments = _segments(tokens, links, periods, grammar)
    found: dict[tuple[Atom, ...], Row] = {}
    for path in _paths(segments, len(tokens)):
        for row in _assigned(path, distance):
            found.setdefault(row.atoms, row)
    likeliest = sorted(found.values(), key=lambda row: -row.score)[:_BEAM]
    return [row for row in likeliest if not _cut_up(row, likeliest[0])]


def _cut_up(row: Row, best: Row) -> bool:
    """Whether a row takes the words of what can't be computed one by one, so that `return rate` would be the rates of
    what was returned."""
    phrases = [one for one in best.atoms if one.has("unsupported") and one.end - one.start > 1]
    inside = [(one, part) for one in phrases for part in row.atoms if one.start <= part.start < part.end <= one.end]
    return any(part.kind != "silent" and (part.start, part.end) != (one.start, one.end) for one, part in inside)


def _segments(
    tokens: Sequence[Token], links: Sequence[Link], periods: Sequence[Spanned], grammar: Grammar
) -> list[list[_Segment]]:
    """All segments by the token that they begin at."""
    found: list[list[_Segment]] = [[] for _ in tokens]
    for place, token in enumerate(tokens):
        found[place].append(_single(place, token, grammar))
        match = grammar.match(tokens, place)
        if match:
            # Folding makes the Portuguese `é` (is) an `e` (and).
            names = ("be",) if token.text.lower() == "é" and match.length == 1 else match.names
            atom = Atom("op", place, place + match.length, names, text=match.phrase)
            worth = _PHRASE if " " in match.phrase else _WORD
            found[place].append(_Segment(place, atom.end, worth * match.length, (atom,)))
    for start, end, value in periods:
        found[start].append(_Segment(start, end, _SPAN * (end - start), (Atom("period", start, end, value=value),)))
    spans: dict[tuple[int, int], list[Link]] = {}
    for link in links:
        spans.setdefault((link.start, link.end), []).append(link)
    for (start, end), targets in spans.items():
        atoms = tuple(
            Atom(link.target.kind, start, end, target=link.target, score=link.score, text=tokens[end - 1].text)
            for link in targets
        )  # fmt: skip
        whole = _WHOLE * (targets[0].words - 1)
        found[start].append(_Segment(start, end, max(atom.score for atom in atoms) * (end - start) + whole, atoms))
    return found


def _single(place: int, token: Token, grammar: Grammar) -> _Segment:
    if token.kind == "number":
        return _Segment(
            place, place + 1, _NUMBER, (Atom("number", place, place + 1, value=token.value, text=token.text),)
        )
    if token.kind == "date":
        return _Segment(place, place + 1, _NUMBER, (Atom("date", place, place + 1, value=token.text, text=token.text),))
    if (
        token.kind == "mark"
        or token.norm in grammar.articles
        or token.norm in grammar.silent
        or token.norm in grammar.light
    ):
        return _Segment(place, place + 1, _SILENT, (Atom("silent", place, place + 1, text=token.text),))
    kind: Kind = "value" if token.kind == "quoted" else "unknown"
    return _Segment(place, place + 1, 0.0, (Atom(kind, place, place + 1, value=token.text, text=token.text),))


def _paths(segments: list[list[_Segment]], count: int) -> list[tuple[float, tuple[_Segment, ...]]]:
    """The best ways to cover all tokens, within a margin of the best one."""
    best: list[list[tuple[float, tuple[_Segment, ...]]]] = [[] for _ in range(count + 1)]
    best[0] = [(0.0, ())]
    for place in range(count):
        best[place] = sorted(best[place], key=lambda path: -path[0])[:_PATHS]
        for score, path in best[place]:
            for segment in segments[place]:
                best[segment.end].append((score + segment.score, (*path, segment)))
    done = sorted(best[count], key=lambda path: -path[0])[:_PATHS]
    return [path for path in done if path[0] >= done[0][0] - _NEAR]


class _State(NamedTuple):
    score: float
    atoms: tuple[Atom, ...]
    tables: tuple[str, ...]
    last: Atom | None


def _assigned(path: tuple[float, tuple[_Segment, ...]], distance: Distance) -> list[Row]:
    """One target for each segment, so that they fit together."""
    states = [_State(0.0, (), (), None)]
    for segment in path[1]:
        states = [_with(state, segment, atom, distance) for state in states for atom in segment.atoms]
        states = sorted(states, key=lambda state: -state.score)[:_BEAM]
    return [Row(state.score, state.atoms) for state in states]


def _with(state: _State, segment: _Segment, atom: Atom, distance: Distance) -> _State:
    size = segment.end - segment.start
    # Of several targets for one span the segment counts as its best one; the others lose what they are behind.
    if not atom.target.table:
        own = segment.score
        return _State(state.score + own, (*state.atoms, atom), state.tables, state.last)
    lost = (max(one.score for one in segment.atoms) - atom.score) * size
    score = state.score + segment.score - lost + _fit(state, atom, distance)
    tables = state.tables if atom.target.table in state.tables else (*state.tables, atom.target.table)
    return _State(score, (*state.atoms, atom), tables, atom)


def _fit(state: _State, atom: Atom, distance: Distance) -> float:
    table = atom.target.table
    before = state.atoms[-1] if state.atoms else None
    if before is not None and before.has("contains", "starts", "ends"):
        return 0.0
    fit = _belonging(state.last, atom)
    if not state.tables:
        return fit
    if table in state.tables:
        return fit + _SAME_TABLE
    ways = [way for known in state.tables if (way := distance(known, table)) is not None]
    return fit - (_PER_JOIN * min(ways) if ways else _APART)


def _belonging(last: Atom | None, atom: Atom) -> float:
    if last is None:
        return 0.0
    if atom.kind == "value" and last.kind == "column" and last.target[1:3] == atom.target[1:3]:
        return _OWN_VALUE
    if (
        last.kind == "value"
        and atom.kind == "column"
        and last.target[1:3] == atom.target[1:3]
        and atom.start == last.end
    ):
        return _OWN_VALUE
    if last.kind == atom.kind == "value" and last.target[1:3] == atom.target[1:3]:
        return _OWN_COLUMN
    if last.target.table == atom.target.table:
        return _OWN_COLUMN if last.kind == "table" and atom.start - last.end <= 2 else _BESIDE
    return -_STRANGE if last.kind == "table" and atom.kind == "column" and atom.start == last.end else 0.0
