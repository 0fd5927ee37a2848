"""A question as it was read: what is shown, counted, kept, ordered. SQL and sentences are made of these values."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Fold = Literal["count", "distinct", "sum", "avg", "min", "max", "median", "ratio"]
Derived = Literal[
    "", "share", "share_of_rows", "growth", "running", "ratio", "difference", "first_of_each", "exists", "mean"
]
Compare = Literal["=", "!=", "<", "<=", ">", ">=", "between", "in", "like", "null"]
Grain = Literal["", "year", "quarter", "month", "week", "day", "weekday"]


class Field(msgspec.Struct, frozen=True, order=True):
    """A column of a table."""

    table: str
    column: str


class Expression(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """A number for every row: a column, or several in a `template` such as `{0} * {1}`. `name` is what a derived one
    is called, a key of `locales/*/measures.toml`."""

    fields: tuple[Field, ...]
    template: str = "{0}"
    name: str = ""

    @property
    def table(self) -> str:
        """The table whose rows it counts: the first column's."""
        return self.fields[0].table


class Measure(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """A number for many rows. `count` counts the rows of `table`; `ratio` is `top` by `bottom`."""

    fold: Fold
    table: str
    expression: Expression | None = None
    top: Measure | None = None
    bottom: Measure | None = None
    name: str = ""


class Dimension(msgspec.Struct, frozen=True, omit_defaults=True):
    """A column to group by; with `entity`, it names the rows of its table, which are told apart by their key."""

    field: Field
    grain: Grain = ""
    entity: bool = False


class Condition(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """`values` holds one for most comparisons, two for `between`, any number for `in`; `against` compares with that
    fold of the same column over its whole table, or over those of its rows that meet `within`. `all_of`: each of the
    values was asked for, where several rows can meet them; `both`: explicitly. With a `grain` it is that of a date's
    that is compared: weekdays, from 1 for Monday."""

    what: Expression
    compare: Compare
    values: tuple[Any, ...] = ()
    negated: bool = False
    against: Literal["", "avg", "min", "max"] = ""
    all_of: bool = False
    both: bool = False
    within: tuple[Condition, ...] = ()
    grain: Grain = ""

    @property
    def table(self) -> str:
        return self.what.table


class Period(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """From `start` (ISO, included) to `end` (ISO, left out); either may be open. `relative` counts from today;
    `negated` means any time but then."""

    field: Field
    start: str = ""
    end: str = ""
    relative: bool = False
    negated: bool = False


class AnyOf(msgspec.Struct, frozen=True, tag=True):
    """Conditions of which one is enough."""

    conditions: tuple[Condition | Period, ...]


class Exists(msgspec.Struct, frozen=True, omit_defaults=True):
    """Rows of `table` that belong to the row at hand and meet the conditions: there must be some, or none."""

    table: str
    conditions: tuple[Condition | Period, ...] = ()
    negated: bool = False


class Having(msgspec.Struct, frozen=True, omit_defaults=True):
    """A comparison of a measure within its group: with a number, or with the average of all groups."""

    measure: Measure
    compare: Compare
    values: tuple[float, ...] = ()
    against_average: bool = False


class Order(msgspec.Struct, frozen=True, omit_defaults=True):
    """What rows are sorted by: a measure, or a column or expression."""

    by: Measure | Expression
    descending: bool = False


class Reading(msgspec.Struct, frozen=True, omit_defaults=True):
    """One way to understand a question.

    `shown` are plain columns; with measures they are dimensions. `links` are the tables that were named without more,
    so that rows must have a partner there. `hints` are columns that only tell how tables are joined. `groups_counted`:
    the measure counts the groups that meet `having`. `favoured` are tables whose names the question's other words
    resemble. `derived` is what is made of the groups or rows in a further step: each group's share of the total, the
    share of rows that meet the conditions, growth on the group before, the first rows of each `per`, the mean of what
    each `per` has …
    """

    shown: tuple[Field, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    measures: tuple[Measure, ...] = ()
    conditions: tuple[Condition | AnyOf, ...] = ()
    periods: tuple[Period, ...] = ()
    exists: tuple[Exists, ...] = ()
    having: tuple[Having, ...] = ()
    order: Order | None = None
    limit: int | None = None
    offset: int = 0
    distinct: bool = False
    subject: str = ""
    links: tuple[str, ...] = ()
    hints: tuple[Field, ...] = ()
    groups_counted: bool = False
    favoured: tuple[str, ...] = ()
    derived: Derived = ""
    per: Dimension | None = None


def plain(field: Field) -> Expression:
    """A column as an expression."""
    return Expression((field,))


def alternatives(one: Condition | AnyOf) -> tuple[Period, ...]:
    """The periods of which one is enough, where a condition is nothing else."""
    parts = one.conditions if isinstance(one, AnyOf) else ()
    periods = tuple(part for part in parts if isinstance(part, Period))
    return periods if len(periods) == len(parts) else ()
