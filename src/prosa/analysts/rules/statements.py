"""The statement for a reading: one SELECT, or two side by side where numbers come from rows that would multiply."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from prosa.analysts.rules.frame import Unanswerable
from prosa.analysts.rules.reading import Measure, Order, Reading
from prosa.analysts.rules.schema import Schema
from prosa.analysts.rules.sql import Label, Writer, quoted, titles


class Statement(NamedTuple):
    """The text, how many joins it has, how many of them could go another way, the tables that it was only named for
    and that narrow it down, and whether the first measure's groups are parts of a whole."""

    sql: str
    joins: int
    doubtful: int
    links: tuple[str, ...]
    additive: bool


def statement(reading: Reading, schema: Schema, label: Label) -> Statement:
    """The statement. Unanswerable where tables don't hang together, or a sum would count rows twice."""
    bases = list(dict.fromkeys(measure.table for measure in reading.measures))
    if len(bases) < 2 or reading.groups_counted:
        writer = Writer(reading, schema, label)
        return Statement(writer.statement(), writer.joins, writer.doubtful, writer.links, writer.additive)
    if len(bases) > 2 or reading.having or reading.links:
        raise Unanswerable("fans_out")
    return _beside(reading, schema, label, (bases[0], bases[1]))


def _beside(reading: Reading, schema: Schema, label: Label, bases: tuple[str, str]) -> Statement:
    """Numbers of two tables, each over its own rows, joined by what they are grouped by."""
    halves = [tuple(one for one in reading.measures if one.table == base) for base in bases]
    first, second = (Writer(_half(reading, half), schema, label) for half in halves)
    places = {
        one: f"{name}.{quoted(f'm{place}')}"
        for name, half in zip("ab", halves, strict=True)
        for place, one in enumerate(half)
    }
    keys = [f"COALESCE(a.{quoted(f'k{place}')}, b.{quoted(f'k{place}')})" for place in range(len(reading.dimensions))]
    texts = [*keys, *(places[one] for one in reading.measures)]
    words = titles([*reading.dimensions, *reading.measures], label)
    columns = ", ".join(f"{text} AS {quoted(word)}" for text, word in zip(texts, words, strict=True))
    parts = [
        f"SELECT {columns}",
        f"FROM (\n{first.part()}\n) AS a",
        _joined(reading, first, second),
        *_order(reading, places, keys),
    ]
    if reading.limit:
        parts.append(f"LIMIT {reading.limit}")
    joins, doubtful = first.joins + second.joins, first.doubtful + second.doubtful
    return Statement("\n".join(parts), joins, doubtful, (), first.additive)


def _half(reading: Reading, measures: tuple[Measure, ...]) -> Reading:
    return msgspec.structs.replace(reading, measures=measures, order=None, limit=None)


def _joined(reading: Reading, first: Writer, second: Writer) -> str:
    """The second half beside the first: by the keys of the rows that groups name, else by the groups' names."""
    if not reading.dimensions:
        return f"CROSS JOIN (\n{second.part()}\n) AS b"
    plain = [f"k{place}" for place, one in enumerate(reading.dimensions) if not one.entity]
    names = [*plain, *(f"e{place}" for place in range(first.entity_keys))] or ["k0"]
    on = " AND ".join(f"a.{quoted(name)} = b.{quoted(name)}" for name in names)
    return f"FULL JOIN (\n{second.part()}\n) AS b ON {on}"


def _order(reading: Reading, places: dict[Measure, str], keys: list[str]) -> list[str]:
    if not keys:
        return []
    order = reading.order or Order(reading.measures[0], True)
    by = places.get(order.by) if isinstance(order.by, Measure) else None
    if by is None:
        raise Unanswerable("fans_out")
    timed = [key for key, one in zip(keys, reading.dimensions, strict=True) if one.grain and reading.order is None]
    first = timed or [f"{by} {'DESC' if order.descending else 'ASC'} NULLS LAST"]
    return [f"ORDER BY {', '.join(dict.fromkeys([*first, *keys]))}"]
