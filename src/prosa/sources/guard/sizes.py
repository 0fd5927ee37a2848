"""Arguments that decide how big a value grows. An engine can't be interrupted inside such a call, so they are bounded.

A number that stands in the statement is judged; one that comes out of the data is refused where its function builds a
single huge value, since nothing is known about it.
"""

from __future__ import annotations

import re

from sqlglot import exp

from prosa.sources.base import Dialect
from prosa.sources.guard.refusals import refused

LONGEST = 10_000
"""Characters, bytes or items of one value that a function makes from nothing."""
LONGEST_IN_ALL = 1_000_000
"""The same, for such functions inside each other."""
MOST_ITEMS = 1_000_000
"""Items of a list that `range` or `generate_series` makes."""
WIDEST = 1_000
"""Characters that a format pads to."""
MOST_WILDCARDS = 8
"""Wildcards of one LIKE pattern: matching takes time that grows with their power."""

_NODES: dict[type[exp.Expr], str] = {exp.Pad: "expression", exp.Repeat: "times", exp.Space: "this"}
_NAMES = {
    "lpad": 1, "rpad": 1, "repeat": 1, "space": 0, "zeroblob": 0, "randomblob": 0, "bitstring": 1, "list_resize": 1,
    "array_resize": 1,
}  # fmt: skip
"""Functions without a node of their own, with the place of the argument."""

_FORMATS = frozenset({"printf", "format"})
_WIDTH = re.compile(r"\d+|\*")
_SERIES = (exp.GenerateSeries, exp.ExplodingGenerateSeries)
_PATTERNS = (exp.Like, exp.ILike, exp.Glob, exp.SimilarTo)


def check_size(node: exp.Expr, dialect: Dialect) -> None:
    """QueryRefused where a call could build a value that is too big to be stopped in time."""
    if isinstance(node, _SERIES):
        _check_series(node)
    elif isinstance(node, _PATTERNS):
        _check_pattern(node)
    elif isinstance(node, exp.Format) or (isinstance(node, exp.Anonymous) and node.name.lower() in _FORMATS):
        _check_format(node)
    elif (wanted := _wanted(node)) is not None:
        _check_made(node, wanted)


def _wanted(node: exp.Expr) -> exp.Expr | None:
    """The argument that says how long the value becomes."""
    if key := _NODES.get(node.__class__):
        return node.args.get(key)
    if isinstance(node, exp.Anonymous) and (place := _NAMES.get(node.name.lower())) is not None:
        return node.expressions[place] if place < len(node.expressions) else exp.null()
    return None


def _check_made(node: exp.Expr, wanted: exp.Expr) -> None:
    length = most(wanted)
    if length is None or length > LONGEST or isinstance(node.parent, exp.Dot):
        raise refused("size", node.sql(), limit=LONGEST)
    total = length
    for inner in node.walk():
        if inner is not node and (more := _wanted(inner)) is not None:
            total *= most(more) or 1
    if total > LONGEST_IN_ALL:
        raise refused("size", node.sql(), limit=LONGEST)


def most(node: exp.Expr) -> int | None:
    """The largest value that an expression can have, or None where that is not plain to see."""
    if isinstance(node, exp.Paren):
        return most(node.this)
    if isinstance(node, exp.Neg):
        return 0
    if isinstance(node, exp.Literal) and not node.is_string:
        return int(float(node.name.replace("_", ""))) if _is_number(node.name) else None
    if isinstance(node, exp.Least) or (isinstance(node, exp.Min) and node.expressions):
        bounds = [most(part) for part in (node.this, *node.expressions)]
        return min((bound for bound in bounds if bound is not None), default=None)
    if isinstance(node, exp.Sub) and isinstance(node.expression, exp.Length):
        return most(node.this)
    return None


def _is_number(text: str) -> bool:
    try:
        return abs(float(text.replace("_", ""))) < 1e15
    except ValueError:
        return False


def _check_series(node: exp.Expr) -> None:
    """Only a series that is a value of its own is bounded: one that stands for a table streams and can be stopped."""
    if isinstance(node.parent, exp.Table):
        return
    ends = [most(part) for part in (node.args.get("start"), node.args.get("end")) if part is not None]
    if any(end is not None and end > MOST_ITEMS for end in ends):
        raise refused("size", node.sql(), limit=MOST_ITEMS)


def _check_format(node: exp.Expr) -> None:
    template = node.this if isinstance(node, exp.Format) else next(iter(node.expressions), None)
    if not (isinstance(template, exp.Literal) and template.is_string):
        raise refused("size", node.sql(), limit=WIDEST)
    widths = _WIDTH.findall(template.name)
    if any(width == "*" or len(width) > 9 or int(width) > WIDEST for width in widths):
        raise refused("size", node.sql(), limit=WIDEST)


def _check_pattern(node: exp.Expr) -> None:
    pattern = node.args.get("expression")
    if isinstance(pattern, exp.Literal) and len(re.findall(r"[%*]+", pattern.name)) > MOST_WILDCARDS:
        raise refused("size", node.sql(), limit=MOST_WILDCARDS)
