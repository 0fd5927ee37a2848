"""A reading as one plain sentence, made from the reading and not from the question."""

from __future__ import annotations

from datetime import date, timedelta

from prosa import locales
from prosa.analysts.rules.glossary import PREFIX
from prosa.analysts.rules.labels import Labels
from prosa.analysts.rules.numbers import plain
from prosa.analysts.rules.periods import floor, move
from prosa.analysts.rules.reading import AnyOf, Condition, Exists, Expression, Having, Measure, Order, Period, Reading

_SIGNS = {
    "=": "eq",
    "!=": "ne",
    ">": "gt",
    ">=": "ge",
    "<": "lt",
    "<=": "le",
    "between": "between",
    "in": "in",
    "like": "like",
}


def sentence(reading: Reading, labels: Labels) -> str:
    """The whole reading."""
    words = _what(reading, labels)
    narrowing = [condition(one, labels) for one in reading.conditions]
    narrowing += [period(one, labels) for one in reading.periods]
    narrowing += [_partner(one, labels) for one in reading.exists]
    narrowing += [labels.text("with_some", table=labels.table(table)) for table in reading.links]
    narrowing += [_having(one, labels) for one in reading.having]
    if narrowing:
        words = labels.text("where", what=words, conditions=labels.text("and").join(narrowing))
    if reading.order is not None:
        words = labels.text(
            "sorted", what=words, by=_by(reading.order, labels), direction=_direction(reading.order, labels)
        )
    if reading.per is not None and reading.derived == "first_of_each":
        words = labels.text("of_each", what=words, n=reading.limit or 1, group=labels.dimension(reading.per))
    elif reading.limit is not None:
        words = labels.text("limited", what=words, count=reading.limit, n=reading.limit)
    return words[:1].upper() + words[1:] + "."


def scope(reading: Reading, labels: Labels) -> str:
    """Only what narrows the reading down, for answers; empty where nothing does."""
    parts = [condition(one, labels) for one in reading.conditions] + [period(one, labels) for one in reading.periods]
    return labels.text("and").join(parts)


def _partner(one: Exists, labels: Labels) -> str:
    """`there are no orders (status is open)`."""
    words = labels.text("with_none" if one.negated else "with_some", table=labels.table(one.table))
    parts = [period(part, labels) if isinstance(part, Period) else condition(part, labels) for part in one.conditions]
    return f"{words} ({labels.text('and').join(parts)})" if parts else words


def _what(reading: Reading, labels: Labels) -> str:
    if reading.derived == "exists":
        return labels.text("whether", table=labels.table(reading.shown[0].table))
    if reading.derived in ("ratio", "difference"):
        one, other = (explained(measure, labels) for measure in reading.measures)
        return labels.text(f"what_{reading.derived}", a=one, b=other)
    if reading.measures:
        what = labels.text("and").join(explained(one, labels) for one in reading.measures)
        if reading.derived and reading.derived != "first_of_each":
            per = labels.dimension(reading.per) if reading.per is not None else ""
            what = labels.text(f"what_{reading.derived}", what=what, group=per)
        groups = labels.text("and").join(labels.dimension(one) for one in reading.dimensions)
        return labels.text("for_each", what=what, groups=groups) if groups else what
    fields = reading.shown or tuple(one.field for one in reading.dimensions)
    columns = joined([labels.column(field) for field in fields], labels)
    key = "listed_different" if reading.distinct else "listed"
    return labels.text(key, columns=columns, table=labels.table(fields[0].table))


def joined(parts: list[str], labels: Labels) -> str:
    """`a, b and c`."""
    return labels.text("and").join([part for part in (", ".join(parts[:-1]), parts[-1]) if part])


def explained(measure: Measure, labels: Labels) -> str:
    """A measure, and how a derived one is made."""
    words = labels.measure(measure)
    if measure.name == "per" and measure.top is not None and measure.bottom is not None:
        how = labels.text("how_per_one", a=labels.measure(measure.top), b=labels.measure(measure.bottom))
        return labels.text("explained", what=words, how=how)
    if measure.fold == "ratio":
        return labels.text("explained", what=words, how=labels.text("how_average_order"))
    expression = measure.expression
    if measure.name.startswith(PREFIX):
        return labels.text("explained", what=words, how=_made_of(measure, labels))
    if expression is None or not expression.name or len(expression.fields) == 1:
        if expression is not None and expression.name and len(expression.fields) == 1:
            return labels.text("explained", what=words, how=labels.column(expression.fields[0]))
        return words
    names = dict(zip("abc", (labels.column(field) for field in expression.fields), strict=False))
    key = f"how_{expression.name}" + (
        "_discount" if expression.name == "revenue" and len(expression.fields) == 3 else ""
    )
    return labels.text("explained", what=words, how=labels.text(key, **names))


def _made_of(measure: Measure, labels: Labels) -> str:
    """How a measure of the glossary is made: its fold and its columns."""
    if measure.expression is None:
        return labels.text("number_of", what=labels.table(measure.table))
    names = [labels.column(field) for field in measure.expression.fields]
    text = measure.expression.template.format(*names).replace("*", "×").strip("()")
    return labels.text("different" if measure.fold == "distinct" else measure.fold, what=text)


def condition(one: Condition | AnyOf, labels: Labels) -> str:
    """`price is more than 50`."""
    if isinstance(one, AnyOf):
        return labels.text("or").join(
            period(part, labels) if isinstance(part, Period) else condition(part, labels) for part in one.conditions
        )
    what = labels.expression(one.what)
    if one.against:
        return _against(one, what, labels)
    if one.compare == "null":
        return labels.text("not_null" if one.negated else "null", what=what)
    shown = [_value(value, one, labels) for value in one.values]
    if one.compare == "in":
        return labels.text("not_in" if one.negated else "in", what=what, a=labels.text("or").join(shown))
    if one.compare == "=" and one.negated:
        return labels.text("ne", what=what, a=shown[0])
    words = labels.text(_SIGNS[one.compare], what=what, a=shown[0], b=shown[-1])
    return labels.text("not", what=words) if one.negated else words


def _against(one: Condition, what: str, labels: Labels) -> str:
    """`price is above the average`, `salary is above the highest where department is Biology`."""
    if one.compare == "=":
        words = labels.text(f"is_{one.against}", what=what)
    else:
        side = "above" if one.compare in (">", ">=") else "below"
        words = labels.text(f"{side}_{'average' if one.against == 'avg' else one.against}", what=what)
    if not one.within:
        return words
    rows = labels.text("and").join(condition(part, labels) for part in one.within)
    return labels.text("where", what=words, conditions=rows)


def _value(value: object, one: Condition, labels: Labels) -> str:
    if one.grain and isinstance(value, int):
        return labels.weekdays[value - 1]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, one.what, labels)
    if isinstance(value, bool):
        return labels.text("yes" if value else "no")
    return str(value).strip("%")


def _number(value: float, what: Expression, labels: Labels) -> str:
    from prosa.analysts.rules.reading import plain as whole_column

    year = what == whole_column(what.fields[0]) and labels.format(what.fields[0]) == "year"
    return str(plain(value)) if year else locales.number(plain(value), labels.locale)


def period(one: Period, labels: Labels) -> str:
    """`order date is in October 2026`."""
    what = labels.column(one.field)
    key, values = _edges(one, labels)
    words = labels.text(key, what=what, **values)
    return labels.text("not", what=words) if one.negated else words


def span(one: Period, labels: Labels) -> str:
    """Only the stretch of time: `October 2026`, `Jan 1, 2025 to Mar 31, 2025`."""
    key, values = _edges(one, labels)
    return values["period"] if key == "in_period" else labels.text(f"span_{key}", **values)


def _edges(one: Period, labels: Labels) -> tuple[str, dict[str, str]]:
    """The key of the words for a period, and their values."""
    start = date.fromisoformat(one.start) if one.start else None
    end = date.fromisoformat(one.end) if one.end else None
    last = _day(end - timedelta(days=1), labels) if end else ""
    if start and end:
        named = stretch(start, end, labels.locale)
        return ("in_period", {"period": named}) if named else ("from_to", {"a": _day(start, labels), "b": last})
    return ("from", {"a": _day(start, labels)}) if start else ("until", {"a": last})


def stretch(start: date, end: date, locale: str) -> str:
    """`2025` or `October 2026` for whole years and months; empty for other stretches."""
    if floor(start, "year") == start and move(start, "year", 1) == end:
        return str(start.year)
    if move(start, "day", 1) == end:
        return locales.day(start, locale)
    if floor(start, "month") == start and move(start, "month", 1) == end:
        pattern = "MMMM 'de' y" if locales.normalise(locale) == locales.PT else "MMMM y"
        return locales.day(start, locale, style=pattern)
    return ""


def _day(day: date, labels: Labels) -> str:
    return locales.day(day, labels.locale)


def _having(one: Having, labels: Labels) -> str:
    if one.against_average:
        side = "above" if one.compare in (">", ">=") else "below"
        return labels.text(f"{side}_average", what=labels.measure(one.measure))
    shown = [locales.number(plain(value), labels.locale) for value in one.values]
    return labels.text(_SIGNS[one.compare], what=labels.measure(one.measure), a=shown[0], b=shown[-1])


def _by(order: Order, labels: Labels) -> str:
    return labels.measure(order.by) if isinstance(order.by, Measure) else labels.expression(order.by)


def _direction(order: Order, labels: Labels) -> str:
    if isinstance(order.by, Expression) and labels.is_date(order.by):
        return labels.text("latest" if order.descending else "earliest")
    if isinstance(order.by, Expression) and labels.is_text(order.by):
        return labels.text("backward" if order.descending else "alphabetical")
    return labels.text("descending" if order.descending else "ascending")
