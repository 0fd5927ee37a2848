"""Names for people: tables, columns, measures and groups in the words of the schema."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property

from prosa import locales
from prosa.analysts.rules.data import data
from prosa.analysts.rules.glossary import PREFIX
from prosa.analysts.rules.links import Target
from prosa.analysts.rules.measures import english_words, is_money
from prosa.analysts.rules.reading import Dimension, Expression, Field, Measure
from prosa.analysts.rules.schema import Schema, spelled
from prosa.analysts.rules.words import singular, singular_pt
from prosa.results import NUMERIC

_MONDAY = date(2024, 1, 1)
_BARE = frozenset(data("operations")["bare"].split())
_TOTALS = frozenset({"total", "sum", "soma", "subtotal", "amount"})


class Labels:
    """The names of one catalog's things in one language."""

    def __init__(self, schema: Schema, locale: str) -> None:
        self._schema = schema
        self.locale = locale

    @cached_property
    def weekdays(self) -> tuple[str, ...]:
        """What the days of the week are called, from Monday."""
        return tuple(locales.day(_MONDAY + timedelta(days=day), self.locale, style="cccc") for day in range(7))

    def __call__(self, part: Field | Measure | Dimension) -> str:
        return self.title(part)

    def text(self, key: str, **values: object) -> str:
        return locales.text(f"reading.{key}", self.locale, **values)

    def table(self, name: str) -> str:
        """`order_items` is "order items"."""
        return spelled(name)

    def column(self, field: Field) -> str:
        """`unit_price` is "unit price"; a column whose name others have as well says of what."""
        words = spelled(field.column)
        if words.casefold() in _BARE or (
            words.casefold() in self._schema.shared and not self._schema.points(field.table, field.column)
        ):
            return self._owned(words, field.table)
        return words

    def _owned(self, words: str, table: str) -> str:
        one = self._one(spelled(table))
        if one.casefold() in words.casefold().split():
            return words
        return f"{words} de {one}" if self._schema.language == "pt" else f"{one} {words}"

    def _one(self, words: str) -> str:
        """A table's name in the singular: the last word, or the first in Portuguese, as plurals are plain there."""
        parts = words.split()
        place = 0 if self._schema.language == "pt" else -1
        parts[place] = singular_pt(parts[place]) if self._schema.language == "pt" else singular(parts[place])
        return " ".join(parts)

    def expression(self, expression: Expression) -> str:
        """A column, or the name of what is derived."""
        if expression.name.startswith(PREFIX):
            return expression.name.removeprefix(PREFIX)
        return self.text(expression.name) if expression.name else self.column(expression.fields[0])

    def measure(self, measure: Measure) -> str:
        """`total price`, `number of orders`, `revenue`."""
        if measure.name.startswith(PREFIX):
            return measure.name.removeprefix(PREFIX)
        if measure.fold == "count":
            return self.text("number_of", what=self.table(measure.table))
        if measure.name == "per":
            return self._per(measure)
        if (measure.name and measure.fold in ("sum", "ratio")) or measure.name == "average_order":
            return self.text(measure.name)
        assert measure.expression is not None
        what = self.expression(measure.expression)
        if measure.fold == "distinct":
            return self.text("different", what=what)
        if measure.fold in ("min", "max") and self.is_date(measure.expression):
            return self.text(f"{measure.fold}_date", what=what)
        if measure.fold == "sum" and _TOTALS.intersection(what.casefold().split()):
            return self.text("sum_total", what=what)
        return self.text(measure.fold, what=what)

    def _per(self, measure: Measure) -> str:
        """`average number of orders per customer`."""
        assert measure.top is not None
        assert measure.bottom is not None
        assert measure.bottom.expression is not None
        key = measure.bottom.expression.fields[0]
        one = self._schema.pointers[key.table, key.column]
        what = self.text("units") if measure.top.name == "units" else self.table(measure.table)
        return self.text("per_one", what=what, one=self._one(spelled(one)))

    def dimension(self, dimension: Dimension) -> str:
        """A group's name: the column, or the grain."""
        return self.text(dimension.grain) if dimension.grain else self.column(dimension.field)

    def title(self, part: Field | Measure | Dimension) -> str:
        """A result column's title."""
        if isinstance(part, Field):
            words = self.column(part)
        else:
            words = self.measure(part) if isinstance(part, Measure) else self.dimension(part)
        return words[:1].upper() + words[1:]

    def derived(self, kind: str) -> str:
        """The title of a derived column: `Share`, `Growth`."""
        return self.text(f"derived_{kind}")

    def target(self, target: Target) -> str:
        """What a link means, in words that link back to it alone."""
        if target.kind == "value":
            return f'{self.column(Field(target.table, target.column))} "{target.value}"'
        if target.column.startswith(PREFIX):
            return target.column.removeprefix(PREFIX)
        if target.kind == "measure":
            return self.text(target.column)
        if not target.column:
            return self.table(target.table)
        return self._owned(spelled(target.column), target.table)

    def is_date(self, expression: Expression) -> bool:
        info = self._schema.column(expression.fields[0])
        return info.type in ("date", "timestamp") or info.role == "date"

    def is_text(self, expression: Expression) -> bool:
        return self._schema.column(expression.fields[0]).type not in NUMERIC and not self.is_date(expression)

    def format(self, part: Field | Measure | Dimension) -> str:
        """How a result column's cells read: a grain, a year, money, or as they are."""
        if isinstance(part, Dimension):
            return part.grain or self._column_format(part.field)
        if isinstance(part, Field):
            return self._column_format(part)
        if part.name in ("revenue", "profit", "average_order"):
            return "currency"
        if part.expression is None or part.fold == "distinct":
            return ""
        return self._column_format(part.expression.fields[0])

    def _column_format(self, field: Field) -> str:
        info = self._schema.column(field)
        words = english_words(self._schema.element(field.table, field.column))
        if info.type not in NUMERIC:
            return ""
        if info.role == "id":
            return "id"
        if "year" in words and isinstance(info.max, int | float) and 1500 <= info.max <= 2200:
            return "year"
        return "currency" if is_money(words) and "quantiti" not in words else ""
