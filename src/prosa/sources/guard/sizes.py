"""Arguments that decide how big a value grows. No engine can be interrupted inside such a call, so they are bounded.

A length must stand in the statement as a number: nothing is known of one that comes out of the data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp

from prosa.sources.guard.refusals import refused

LONGEST = 10_000
"""Characters, bytes or items of one value that a function makes from nothing."""
LONGEST_IN_ALL = 1_000_000
"""The same, for such functions inside each other."""
MOST_ITEMS = 1_000_000
"""Items of a list that `range` or `generate_series` makes; as a table it streams, and is not bounded."""
WIDEST = 1_000
"""Characters that a format pads to."""
MOST_WILDCARDS = 8
"""Wildcards of one LIKE pattern: matching takes time that grows with their power."""

_PLACES = {
    "array_resize": 1, "bitstring": 1, "list_resize": 1, "lpad": 1, "randomblob": 0, "repeat": 1, "rpad": 1, "space": 0,
    "zeroblob": 0,
}  # fmt: skip
"""Functions that make a value of a wished length, and the place of the argument that says it."""

_SERIES = frozenset({"range", "generate_series"})
_FORMATS = frozenset({"printf", "format"})
_SPECIFIERS = re.compile(r"%[^a-zA-Z%]*|\{[^}]*\}?")
_WIDTH = re.compile(r"\d+|\*|(?<=.)\{")
_LENGTHS = frozenset({"length", "len", "char_length", "character_length", "strlen"})


def check_call(call: exp.Expr) -> None:
    """QueryRefused where a function could build a value that is too big to be stopped in time."""
    name = call.name.lower()
    sized = name in _PLACES or name in _SERIES or name in _FORMATS
    if sized and isinstance(call.parent, exp.Dot):
        raise _too_big(call, LONGEST)
    if name in _PLACES:
        _check_length(call, name)
    elif name in _SERIES and not isinstance(call.parent, exp.Table):
        _check_series(call)
    elif name in _FORMATS:
        _check_format(call.expressions)


def check_pattern(node: exp.Expr) -> None:
    """QueryRefused for a LIKE or GLOB pattern that could take for ever to match."""
    pattern = node.args["expression"]
    if isinstance(pattern, exp.Literal) and len(re.findall(r"[%*]+", pattern.name)) > MOST_WILDCARDS:
        raise refused("size", pattern.name, limit=MOST_WILDCARDS)


def most(node: exp.Expr) -> int | None:
    """The largest value that an expression can have, or None where that is not plain to see."""
    if isinstance(node, exp.Paren):
        return most(node.this)
    if isinstance(node, exp.Neg):
        return 0
    if isinstance(node, exp.Literal):
        return None if node.is_string else _number(node.name)
    if isinstance(node, exp.Sub) and _is_call(node.expression, _LENGTHS):
        return most(node.this)
    if _is_call(node, {"least", "min"}) and len(node.expressions) > 1:
        return min((bound for part in node.expressions if (bound := most(part)) is not None), default=None)
    return None


def _check_length(call: exp.Expr, name: str) -> None:
    length = _length(call, name)
    if length is None or length > LONGEST:
        raise _too_big(call, LONGEST)
    total = length
    for inner in call.find_all(exp.Anonymous):
        if inner is not call and inner.name.lower() in _PLACES:
            total *= _length(inner, inner.name.lower()) or 1
    if total > LONGEST_IN_ALL:
        raise _too_big(call, LONGEST)


def _length(call: exp.Expr, name: str) -> int | None:
    place = _PLACES[name]
    return most(call.expressions[place]) if place < len(call.expressions) else None


def _check_series(call: exp.Expr) -> None:
    if any((bound := most(part)) is not None and bound > MOST_ITEMS for part in call.expressions):
        raise _too_big(call, MOST_ITEMS)


def _check_format(arguments: Sequence[exp.Expr]) -> None:
    template = arguments[0] if arguments else exp.null()
    if not (isinstance(template, exp.Literal) and template.is_string):
        raise refused("size", template.sql(), limit=WIDEST)
    for specifier in _SPECIFIERS.findall(template.name):
        if any(not width.isdigit() or len(width) > 6 or int(width) > WIDEST for width in _WIDTH.findall(specifier)):
            raise refused("size", specifier, limit=WIDEST)


def _is_call(node: exp.Expr, names: frozenset[str] | set[str]) -> bool:
    return isinstance(node, exp.Anonymous) and node.name.lower() in names


def _number(text: str) -> int | None:
    try:
        value = float(text.replace("_", ""))
    except ValueError:
        return None
    return int(value) if abs(value) < 1e15 else None


def _too_big(call: exp.Expr, limit: int) -> Exception:
    return refused("size", call.sql(), limit=limit)
