"""Statements in two steps: what is made of groups or rows once they are there. Shares, growth, running totals, ratios,
the first of each group, medians, yes or no."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from prosa.analysts.rules.frame import Unanswerable
from prosa.analysts.rules.reading import Expression, Reading, alternatives
from prosa.analysts.rules.schema import Schema
from prosa.analysts.rules.sql import Label, Writer, quoted, titles

Title = Callable[[str], str]
"""The title of a derived column, by its kind: `share`, `growth` …"""


def derived(reading: Reading, schema: Schema, label: Label, title: Title) -> tuple[str, Writer]:
    """The statement of a reading that has `derived`, and the writer of its inner step. Unanswerable."""
    if reading.derived == "first_of_each" and reading.order is not None and isinstance(reading.order.by, Expression):
        return _first_rows(reading, schema, label)
    if reading.derived == "share_of_rows":
        writer = Writer(reading, schema, label)
        return f"SELECT {writer.share_of_rows()} AS {quoted(title('share'))}\n{writer.rows()}", writer
    if reading.derived == "exists":
        plain = msgspec.structs.replace(reading, derived="", order=None)
        writer = Writer(plain, schema, label)
        return f"SELECT EXISTS (\n{writer.statement()}\n) AS {quoted(title('exists'))}", writer
    writer = Writer(_groups(reading), schema, label)
    return _STEPS[reading.derived](reading, writer, label, title), writer


def _groups(reading: Reading) -> Reading:
    averaged = (reading.per,) if reading.derived == "mean" and reading.per is not None else ()
    dimensions = (*reading.dimensions, *averaged)
    return msgspec.structs.replace(reading, dimensions=dimensions, derived="", order=None, limit=None, per=None)


def _named(reading: Reading, label: Label) -> tuple[list[str], list[str], list[str]]:
    """The inner columns of groups and measures, and the titles of both."""
    keys = [quoted(f"k{place}") for place in range(len(reading.dimensions))]
    values = [quoted(f"m{place}") for place in range(len(reading.measures))]
    return keys, values, titles([*reading.dimensions, *reading.measures], label)


def _selected(columns: list[str], names: list[str], inner: str, tail: str) -> str:
    shown = ", ".join(f"{column} AS {quoted(name)}" for column, name in zip(columns, names, strict=True))
    return f"SELECT {shown}\nFROM (\n{inner}\n) AS {quoted('groups')}\n{tail}".rstrip()


def _share(reading: Reading, writer: Writer, label: Label, title: Title) -> str:
    keys, values, names = _named(reading, label)
    share = f"{values[0]} * 1.0 / NULLIF(SUM({values[0]}) OVER (), 0)"
    order = f"ORDER BY {', '.join([f'{values[0]} DESC NULLS LAST', *keys])}"
    limit = f"\nLIMIT {reading.limit}" if reading.limit else ""
    return _selected([*writer.told(keys), *values, share], [*names, title("share")], writer.part(), order + limit)


def _growth(reading: Reading, writer: Writer, label: Label, title: Title) -> str:
    keys, values, names = _named(reading, label)
    over, order = _over_time(reading, keys)
    before = f"LAG({values[0]}) OVER ({over})"
    time = _time(reading, keys)
    adjacent = writer.preceding(time, reading.dimensions[keys.index(time)].grain)
    if adjacent and not any(alternatives(one) for one in reading.conditions):
        # A month without rows is not passed over: nothing is known of the growth after it.
        before = f"CASE WHEN LAG({time}) OVER ({over}) = {adjacent} THEN {before} END"
    growth = f"({values[0]} - {before}) * 1.0 / NULLIF(ABS({before}), 0)"
    return _selected([*writer.told(keys), *values, growth], [*names, title("growth")], writer.part(), order)


def _mean(reading: Reading, writer: Writer, label: Label, title: Title) -> str:
    """The mean of what each `per` has, for each of the groups."""
    assert reading.per is not None
    keys, values, names = _named(reading, label)
    told = writer.told([*keys, quoted(f"k{len(keys)}")])[: len(keys)]
    mean, named = f"AVG({values[0]})", f"{names[-1]} / {label(reading.per).lower()}"
    apart = [*keys, *(quoted(f"e{place}") for place in range(writer.entity_keys))] if keys else []
    group = f"GROUP BY {', '.join(apart)}\n" if apart else ""
    times = [key for key, one in zip(keys, reading.dimensions, strict=True) if one.grain]
    by = [*times, f"{mean} DESC NULLS LAST", *keys]
    order = f"ORDER BY {', '.join(dict.fromkeys(by))}" if keys else ""
    return _selected([*told, mean], [*names[:-1], named], writer.part(), group + order)


def _running(reading: Reading, writer: Writer, label: Label, title: Title) -> str:
    keys, values, names = _named(reading, label)
    over, order = _over_time(reading, keys)
    running = f"SUM({values[0]}) OVER ({over})"
    return _selected([*writer.told(keys), *values, running], [*names, title("running")], writer.part(), order)


def _over_time(reading: Reading, keys: list[str]) -> tuple[str, str]:
    """The window that goes over time within the other groups, and the order of the rows."""
    time = _time(reading, keys)
    others = [key for key in keys if key != time]
    part = f"PARTITION BY {', '.join(others)} " if others else ""
    return f"{part}ORDER BY {time}", f"ORDER BY {', '.join([*others, time])}"


def _time(reading: Reading, keys: list[str]) -> str:
    return next((key for key, one in zip(keys, reading.dimensions, strict=True) if one.grain), keys[0])


def _combined(reading: Reading, writer: Writer, label: Label, title: Title) -> str:
    keys, values, names = _named(reading, label)
    one, other = values[:2]
    text = f"{one} * 1.0 / NULLIF({other}, 0)" if reading.derived == "ratio" else f"{one} - {other}"
    order = f"ORDER BY {len(keys) + 1} DESC NULLS LAST" if keys else ""
    return _selected([*writer.told(keys), text], [*names[: len(keys)], title(reading.derived)], writer.part(), order)


def _first_groups(reading: Reading, writer: Writer, label: Label, title: Title) -> str:
    keys, values, names = _named(reading, label)
    assert reading.per is not None
    assert reading.order is not None
    part = keys[reading.dimensions.index(reading.per)]
    by = values[reading.measures.index(reading.order.by)]
    place = _place(part, by, descending=reading.order.descending, then=keys)
    inner = f"SELECT *, {place}\nFROM (\n{writer.part()}\n) AS {quoted('each')}"
    tail = f"WHERE {quoted('place')} <= {reading.limit or 1}\nORDER BY {part}, {quoted('place')}"
    return _selected([*writer.told(keys), *values], names, inner, tail)


def _first_rows(reading: Reading, schema: Schema, label: Label) -> tuple[str, Writer]:
    """The first rows of each group, by a column of their own."""
    assert reading.per is not None
    assert reading.order is not None
    fields = [reading.per.field, *(field for field in reading.shown if field != reading.per.field)]
    writer = Writer(
        msgspec.structs.replace(reading, derived="", shown=tuple(fields), limit=None, dimensions=()), schema, label
    )
    by = writer.expression(reading.order.by)  # type: ignore[arg-type]
    place = _place(writer.column(fields[0]), by, descending=reading.order.descending, then=[])
    columns = [f"{writer.column(field)} AS {quoted(f'c{number}')}" for number, field in enumerate(fields)]
    inner = f"SELECT {', '.join(columns)}, {place}\n{writer.rows()}"
    names = titles(fields, label)
    tail = f"WHERE {quoted('place')} <= {reading.limit or 1}\nORDER BY {quoted('c0')}, {quoted('place')}"
    return _selected([quoted(f"c{number}") for number in range(len(fields))], names, inner, tail), writer


def _place(part: str, by: str, *, descending: bool, then: list[str]) -> str:
    order = ", ".join([f"{by} {'DESC' if descending else 'ASC'} NULLS LAST", *then])
    return f"ROW_NUMBER() OVER (PARTITION BY {part} ORDER BY {order}) AS {quoted('place')}"


def median(writer: Writer, reading: Reading, label: Label) -> str:
    """The middle value of each group: the mean of the two middle ones where their number is even."""
    measure = reading.measures[0]
    if len(reading.measures) != 1 or measure.expression is None or reading.having:
        raise Unanswerable("fans_out")
    keys = [writer.dimension(one) for one in reading.dimensions]
    names = [quoted(f"k{place}") for place in range(len(keys))]
    value = writer.expression(measure.expression)
    part = f"PARTITION BY {', '.join(keys)} " if keys else ""
    inner = [f"{key} AS {name}" for key, name in zip(keys, names, strict=True)]
    inner += [
        f"{value} AS {quoted('value')}",
        f"ROW_NUMBER() OVER ({part}ORDER BY {value}) AS {quoted('place')}",
        f"COUNT(*) OVER ({part.rstrip()}) AS {quoted('all')}",
    ]
    source = f"SELECT {', '.join(inner)}\n{writer.rows(f'{value} IS NOT NULL')}"
    middle = f"WHERE {quoted('place')} * 2 BETWEEN {quoted('all')} AND {quoted('all')} + 2"
    group = f"\nGROUP BY {', '.join(names)}\nORDER BY {', '.join(names)}" if names else ""
    columns = [*writer.told(names), f"AVG({quoted('value')})"]
    return _selected(columns, titles([*reading.dimensions, measure], label), source, middle + group)


_STEPS: dict[str, Callable[[Reading, Writer, Label, Title], str]] = {
    "share": _share,
    "growth": _growth,
    "running": _running,
    "mean": _mean,
    "ratio": _combined,
    "difference": _combined,
    "first_of_each": _first_groups,
}
