"""The statement for a reading: one SELECT, or two side by side where numbers come from rows that would multiply."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import msgspec

from prosa.analysts.rules.derived import Title, derived, median
from prosa.analysts.rules.frame import Unanswerable
from prosa.analysts.rules.reading import AnyOf, Condition, Field, Measure, Order, Reading
from prosa.analysts.rules.schema import Schema
from prosa.analysts.rules.sql import Label, Writer, quoted, titles

_MOST_CONDITIONS = 4


class Statement(NamedTuple):
    """The text, how many joins it has, how many of them could go another way, the tables that it was only named for
    and that narrow it down, whether the first measure's groups are parts of a whole, and how many joins no schema
    declares."""

    sql: str
    joins: int
    doubtful: int
    links: tuple[str, ...]
    additive: bool
    inferred: int = 0


def statement(reading: Reading, schema: Schema, label: Label, title: Title = str) -> Statement:
    """The statement. Unanswerable where tables don't hang together, or a sum would count rows twice."""
    if reading.derived:
        return _derived(reading, schema, label, title)
    if any(measure.fold == "median" for measure in reading.measures):
        writer = Writer(reading, schema, label)
        return _told(writer, median(writer, reading, label))
    bases = list(dict.fromkeys(measure.table for measure in reading.measures))
    if not reading.measures and not reading.having:
        try:
            writer = Writer(reading, schema, label)
        except Unanswerable as error:
            if error.reason not in ("contradiction", "exclusion"):
                raise
            return _combined(reading, schema, label)
    if len(bases) < 2 or reading.groups_counted:
        writer = Writer(reading, schema, label)
        return _told(writer, writer.statement())
    if len(bases) > 2 or reading.having or reading.links:
        raise Unanswerable("fans_out")
    return _beside(reading, schema, label, (bases[0], bases[1]))


def _told(writer: Writer, sql: str) -> Statement:
    return Statement(sql, writer.joins, writer.doubtful, writer.links, writer.additive, writer.inferred)


def _derived(reading: Reading, schema: Schema, label: Label, title: Title) -> Statement:
    bases = list(dict.fromkeys(measure.table for measure in reading.measures))
    if reading.derived in ("ratio", "difference") and len(bases) == 2 and not reading.dimensions:
        first, second = (Writer(_half(reading, (one,)), schema, label) for one in reading.measures[:2])
        one, other = (f"({writer.part()})" for writer in (first, second))
        text = f"{one} * 1.0 / NULLIF({other}, 0)" if reading.derived == "ratio" else f"{one} - {other}"
        return _told(first, f"SELECT {text} AS {quoted(title(reading.derived))}")
    sql, writer = derived(reading, schema, label, title)
    told = _told(writer, sql)
    return told if reading.derived == "share" else told._replace(additive=False)


def _combined(reading: Reading, schema: Schema, label: Label) -> Statement:
    """What meets both of two sets of conditions that no single row meets, or one and not the other."""
    if reading.order is not None or reading.limit or len(reading.conditions) > _MOST_CONDITIONS:
        raise Unanswerable("contradiction")
    first, second, word = _parted(reading)
    if _names_one_row(reading, schema):
        raise Unanswerable("contradiction")
    writers = [Writer(part, schema, label) for part in (first, second)]
    sql = f"\n{word}\n".join(writer.statement() for writer in writers)
    return Statement(sql, sum(one.joins for one in writers), sum(one.doubtful for one in writers), (), False)


def _names_one_row(reading: Reading, schema: Schema) -> bool:
    """Whether what is shown tells one row from the others, so that no other row of it can meet the other condition."""
    shown = {(field.table, field.column) for field in reading.shown}
    both = any(isinstance(one, Condition) and one.both for one in reading.conditions)
    for one in reading.conditions:
        table = schema.table(one.table) if isinstance(one, Condition) else None
        if table is None:
            continue
        keyed = bool(table.primary_key) and shown.issuperset((table.name, key) for key in table.primary_key)
        if keyed or (not both and (table.name, table.display or "") in shown):
            return True
    return False


def _parted(reading: Reading) -> tuple[Reading, Reading, str]:
    """A reading with each of two conditions that exclude each other, the others in both, and how to combine the two."""
    for one in reading.conditions:
        rest = tuple(other for other in reading.conditions if other is not one)
        if isinstance(one, Condition) and one.both and len(one.values) == 2:
            first, second = (msgspec.structs.replace(one, compare="=", values=(value,)) for value in one.values)
            return _with(reading, (*rest, first)), _with(reading, (*rest, second)), "INTERSECT"
    for one, other in combinations(reading.conditions, 2):
        if not isinstance(one, Condition) or not isinstance(other, Condition) or one.what != other.what:
            continue
        rest = tuple(more for more in reading.conditions if more is not one and more is not other)
        if one.negated != other.negated:
            kept, denied = (one, other) if other.negated else (other, one)
            denied = msgspec.structs.replace(denied, negated=False)
            return _with(reading, (*rest, kept)), _with(reading, (*rest, denied)), "EXCEPT"
        return _with(reading, (*rest, one)), _with(reading, (*rest, other)), "INTERSECT"
    raise Unanswerable("contradiction")


def _with(reading: Reading, conditions: tuple[Condition | AnyOf, ...]) -> Reading:
    return msgspec.structs.replace(reading, conditions=conditions)


def _beside(reading: Reading, schema: Schema, label: Label, bases: tuple[str, str]) -> Statement:
    """Numbers of two tables, each over its own rows, joined by what they are grouped by."""
    halves = [tuple(one for one in reading.measures if one.table == base) for base in bases]
    first, second = (
        Writer(_dated(_half(reading, half), base, schema), schema, label)
        for base, half in zip(bases, halves, strict=True)
    )
    places = {
        one: f"{name}.{quoted(f'm{place}')}"
        for name, half in zip("ab", halves, strict=True)
        for place, one in enumerate(half)
    }
    keys = [f"COALESCE(a.{quoted(f'k{place}')}, b.{quoted(f'k{place}')})" for place in range(len(reading.dimensions))]
    texts = [*first.told(keys), *(places[one] for one in reading.measures)]
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
    joins, doubtful = max(first.joins, second.joins), first.doubtful + second.doubtful
    return Statement("\n".join(parts), joins, doubtful, (), first.additive)


def _half(reading: Reading, measures: tuple[Measure, ...]) -> Reading:
    return msgspec.structs.replace(reading, measures=measures, order=None, limit=None, derived="")


def _dated(half: Reading, base: str, schema: Schema) -> Reading:
    """One table's half with the periods and times of its own rows. Unanswerable where they have none of a period."""

    def has(field: Field) -> bool:
        return schema.joins.leads_to_one(base, field.table)

    spans = {(one.start, one.end, one.negated) for one in half.periods}
    periods = tuple(one for one in half.periods if has(one.field))
    if spans != {(one.start, one.end, one.negated) for one in periods}:
        raise Unanswerable("fans_out")
    own = schema.only_date(base)
    dimensions = []
    for one in half.dimensions:
        if one.grain and not has(one.field):
            if own is None:
                raise Unanswerable("fans_out")
            one = msgspec.structs.replace(one, field=own)
        dimensions.append(one)
    return msgspec.structs.replace(half, periods=periods, dimensions=tuple(dimensions))


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
