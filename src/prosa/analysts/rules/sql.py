"""From a reading to one SELECT statement. Identifiers are quoted; of the question, nothing but literals gets in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from prosa.analysts.rules.data import data
from prosa.analysts.rules.frame import Frame, Unanswerable, doubtful, fields, frame
from prosa.analysts.rules.joins import DECLARED, Edge, Step, Tree
from prosa.analysts.rules.numbers import plain as whole
from prosa.analysts.rules.reading import (
    AnyOf,
    Condition,
    Dimension,
    Expression,
    Field,
    Having,
    Measure,
    Order,
    Period,
    Reading,
)
from prosa.analysts.rules.schema import Schema
from prosa.results import NUMERIC

__all__ = ["Unanswerable", "Writer", "quoted", "titles"]


class Label(Protocol):
    """What a result's columns are titled, and what the days of the week are called, from Monday."""

    @property
    def weekdays(self) -> tuple[str, ...]: ...

    def __call__(self, part: Field | Measure | Dimension) -> str: ...


_FOLDS = {"sum": "SUM", "avg": "AVG", "min": "MIN", "max": "MAX"}


class Writer:
    """Writes the statement for one reading over one catalog; `label` gives the result's columns their titles."""

    def __init__(self, reading: Reading, schema: Schema, label: Label) -> None:
        self._reading = reading
        self._schema = schema
        self._label = label
        self._words: dict[str, str] = data("sql")[schema.catalog.dialect]
        self._frame: Frame = frame(reading, schema)

    @property
    def joins(self) -> int:
        """How many joins the statement has, those of its subqueries included; the same way twice counts once."""
        apart = {step for one in self._frame.apart for step in (one.step, *one.tree.steps)}
        return len(self._frame.tree.steps) + len(apart)

    @property
    def links(self) -> tuple[str, ...]:
        """The tables that were only named and that truly narrow the rows down."""
        known = {*self._frame.tree.tables, *(field.table for one in self._frame.conditions for field in fields(one))}
        reached = {table for apart in self._frame.apart for table in apart.tree.tables if not apart.conditions}
        return tuple(table for table in self._reading.links if table in reached and table not in known)

    @property
    def additive(self) -> bool:
        """Whether the first measure's groups are parts of a whole."""
        first = next(iter(self._reading.measures), None)
        return first is not None and first.fold in ("count", "sum") and first.table not in self._frame.multiplied

    @property
    def doubtful(self) -> int:
        """How many of the joins could as well go by another foreign key."""
        steps = [*self._frame.tree.steps]
        for apart in self._frame.apart:
            steps += [apart.step, *apart.tree.steps]
        return doubtful((step.edge for step in steps), self._reading, self._schema)

    @property
    def inferred(self) -> int:
        """How many of the joins go by keys that no schema declares."""
        steps = [*self._frame.tree.steps]
        for apart in self._frame.apart:
            steps += [apart.step, *apart.tree.steps]
        return sum(step.edge.cost > DECLARED for step in steps)

    def statement(self) -> str:
        """The whole statement. Unanswerable where tables don't hang together, or a sum would count rows twice."""
        reading = self._reading
        if reading.measures or reading.having or self._ranks():
            return self._folded()
        columns = self._titled([self.column(field) for field in reading.shown], reading.shown)
        parts = [f"SELECT {'DISTINCT ' if reading.distinct else ''}{', '.join(columns)}", self._from(), *self._where()]
        if reading.order is not None:
            parts.append(f"ORDER BY {self._by(reading.order, {})}")
        return "\n".join([*parts, *self._limit()])

    def rows(self, *more: str) -> str:
        """The rows that the reading is about, as `FROM … WHERE …`, with further conditions."""
        narrowed = self._narrowed() + list(more) if not self._reading.derived else list(more)
        where = [f"WHERE {' AND '.join(narrowed)}"] if narrowed else []
        return "\n".join([self._from(), *where])

    def share_of_rows(self) -> str:
        """How much of all rows, or of a sum over them, belongs to the rows that meet the conditions."""
        measure = self._reading.measures[0]
        met = " AND ".join(self._narrowed())
        if not met or measure.fold not in ("count", "sum") or self._frame.repeated or self._frame.multiplied:
            raise Unanswerable("fans_out")
        value = self.expression(measure.expression) if measure.expression else "1"
        return f"SUM(CASE WHEN {met} THEN {value} ELSE 0 END) * 1.0 / NULLIF(SUM({value}), 0)"

    def part(self) -> str:
        """The groups with keys `k0`… , the keys of the rows that they name `e0`…, and the measures `m0`…."""
        reading = self._reading
        if self._frame.repeated:
            raise Unanswerable("fans_out")
        keys = [self.dimension(one) for one in reading.dimensions]
        named = [("k", keys), ("e", self._entity_keys()), ("m", [self.measure(one) for one in reading.measures])]
        columns = [f"{text} AS {quoted(f'{name}{place}')}" for name, texts in named for place, text in enumerate(texts)]
        parts = [f"SELECT {', '.join(columns)}", self._from(), *self._where()]
        grouped = list(dict.fromkeys([*keys, *self._entity_keys()]))
        return "\n".join([*parts, f"GROUP BY {', '.join(grouped)}"] if grouped else parts)

    @property
    def entity_keys(self) -> int:
        """How many columns tell the named rows apart."""
        return len(self._entity_keys())

    def _titled(self, texts: Sequence[str], parts: Sequence[Field | Measure | Dimension]) -> list[str]:
        """Columns with their titles, equal ones counted, since results are read by title."""
        return [f"{text} AS {quoted(title)}" for text, title in zip(texts, titles(parts, self._label), strict=True)]

    def _ranks(self) -> bool:
        return self._reading.order is not None and isinstance(self._reading.order.by, Measure)

    def _folded(self) -> str:
        reading = self._reading
        keys = [self.dimension(one) for one in reading.dimensions]
        if self._frame.repeated:
            return self._once(keys)
        if reading.groups_counted:
            return self._counted_groups(keys)
        folds = {measure: self.measure(measure) for measure in reading.measures}
        columns = self._titled([*self.told(keys), *folds.values()], [*reading.dimensions, *folds])
        parts = [f"SELECT {', '.join(columns)}", self._from(), *self._where()]
        grouped = list(dict.fromkeys([*keys, *self._entity_keys()]))
        if grouped:
            parts.append(f"GROUP BY {', '.join(grouped)}")
        if reading.having:
            parts.append(self._having(grouped))
        return "\n".join([*parts, *self._group_order(keys, folds), *self._limit()])

    def _counted_groups(self, keys: Sequence[str]) -> str:
        """How many groups there are that meet the conditions on groups."""
        inner = [f"SELECT {', '.join(keys)}", self._from(), *self._where()]
        grouped = list(dict.fromkeys([*keys, *self._entity_keys()]))
        inner += [f"GROUP BY {', '.join(grouped)}", self._having(grouped)]
        title = quoted(self._label(self._reading.measures[0]))
        source = "\n".join(inner)
        return f"SELECT COUNT(*) AS {title}\nFROM (\n{source}\n) AS {quoted('groups')}"

    def _having(self, grouped: Sequence[str]) -> str:
        texts = [
            _compared(self.measure(one.measure), one.compare, self._bounds(one, grouped))
            for one in self._reading.having
        ]
        return f"HAVING {' AND '.join(texts)}"

    def _bounds(self, having: Having, grouped: Sequence[str]) -> list[str]:
        """What groups are compared with: numbers, or the average of all groups."""
        if not having.against_average:
            return [number(value) for value in having.values]
        inner = [f"SELECT {self.measure(having.measure)} AS {quoted('m')}", self._from(), *self._where()]
        inner.append(f"GROUP BY {', '.join(grouped)}")
        return [f"(SELECT AVG({quoted('m')}) FROM ({' '.join(inner)}) AS {quoted('all')})"]  # noqa: S608

    def _once(self, keys: Sequence[str]) -> str:
        """Sums over rows that joins repeat: each row once a group, then folded."""
        reading, counted = self._reading, self._frame.counted
        names = [quoted(f"k{number}") for number in range(len(keys))]
        rows = [quoted(f"r{number}") for number in range(len(counted))]
        inner = [f"{key} AS {name}" for key, name in zip(keys, names, strict=True)]
        inner += [f"{self.column(field)} AS {name}" for field, name in zip(counted, rows, strict=True)]
        values = {}
        for number, measure in enumerate(reading.measures):
            if measure.expression is None:
                values[measure] = "COUNT(*)"
                continue
            inner.append(f"{self.expression(measure.expression)} AS {quoted(f'm{number}')}")
            values[measure] = f"{_FOLDS[measure.fold]}({quoted(f'm{number}')})"
        source = "\n".join([f"SELECT DISTINCT {', '.join(inner)}", self._from(), *self._where()])
        columns = self._titled([*self.told(names), *values.values()], [*reading.dimensions, *values])
        parts = [f"SELECT {', '.join(columns)}", f"FROM (\n{source}\n) AS {quoted('rows')}"]
        if names:
            parts.append(f"GROUP BY {', '.join(names)}")
        return "\n".join([*parts, *self._group_order(names, values), *self._limit()])

    def _entity_keys(self) -> list[str]:
        tables = dict.fromkeys(one.field.table for one in self._reading.dimensions if one.entity)
        return [
            self.column(Field(table, name)) for table in tables for name in self._schema.table(table).primary_key
        ]  # fmt: skip

    def _group_order(self, keys: Sequence[str], folds: dict[Measure, str]) -> list[str]:
        """By what was asked, else by time, else the largest first; the groups' names settle ties."""
        reading = self._reading
        if not keys:
            return []
        times = [key for key, one in zip(keys, reading.dimensions, strict=True) if one.grain or self._is_year(one)]
        if reading.order is not None:
            by = [self._by(reading.order, folds), *keys]
        elif times:
            by = [*times, *(key for key in keys if key not in times)]
        elif folds:
            by = [f"{next(iter(folds.values()))} DESC NULLS LAST", *keys]
        else:
            by = list(keys)
        return [f"ORDER BY {', '.join(dict.fromkeys(by))}"]

    def _is_year(self, dimension: Dimension) -> bool:
        info = self._schema.column(dimension.field)
        return info.type in NUMERIC and "year" in info.name.lower()

    def _by(self, order: Order, folds: dict[Measure, str]) -> str:
        if isinstance(order.by, Measure):
            text = folds.get(order.by) or self.measure(order.by)
        else:
            text = self.expression(order.by)
        # SQLite would put missing numbers first, as the cheapest of all.
        return f"{text} {'DESC' if order.descending else 'ASC'} NULLS LAST"

    def _limit(self) -> list[str]:
        if not self._reading.limit:
            return []
        offset = f" OFFSET {self._reading.offset}" if self._reading.offset else ""
        return [f"LIMIT {self._reading.limit}{offset}"]

    # Rows

    def _from(self) -> str:
        tree = self._frame.tree
        lines = [f"FROM {quoted(tree.root)}"]
        for step in tree.steps:
            kind = "LEFT JOIN" if step in self._frame.optional else "JOIN"
            lines.append(f"{kind} {quoted(step.far)} ON {_on(step.edge)}")
        return "\n".join(lines)

    def _where(self) -> list[str]:
        """The conditions on joined tables, and those on further tables as subqueries."""
        texts = self._narrowed()
        return [f"WHERE {' AND '.join(texts)}"] if texts else []

    def _narrowed(self) -> list[str]:
        texts = [self.condition(one) for one in self._frame.conditions]
        for apart in self._frame.apart:
            inner = [self.condition(one) for one in apart.conditions]
            texts.append(self._within(apart.step, apart.tree, inner, negated=apart.negated))
        return texts

    def _within(self, step: Step, tree: Tree, conditions: list[str], *, negated: bool) -> str:
        edge = step.edge
        near, far = (
            (edge.one_columns, edge.many_columns) if step.far == edge.many else (edge.many_columns, edge.one_columns)
        )
        lines = [f"FROM {quoted(tree.root)}", *(f"JOIN {quoted(one.far)} ON {_on(one.edge)}" for one in tree.steps)]
        verb = "NOT IN" if negated else "IN"
        # IN rather than EXISTS: SQLite runs it once, and not for every row.
        if len(near) == 1:
            key = self.column(Field(step.far, far[0]))
            # NOT IN over a list with a NULL in it is never true.
            where = [*conditions, f"{key} IS NOT NULL"] if negated else conditions
            tail = f" WHERE {' AND '.join(where)}" if where else ""
            return f"{self.column(Field(step.near, near[0]))} {verb} (SELECT {key} {' '.join(lines)}{tail})"
        where = [*conditions, _on(edge)]
        return f"{'NOT ' if negated else ''}EXISTS (SELECT 1 {' '.join(lines)} WHERE {' AND '.join(where)})"

    # Pieces

    def column(self, field: Field) -> str:
        return f"{quoted(field.table)}.{quoted(field.column)}"

    def expression(self, expression: Expression) -> str:
        return expression.template.format(*(self._number(field) for field in expression.fields))

    def _number(self, field: Field) -> str:
        return self.column(field)

    def dimension(self, dimension: Dimension) -> str:
        column = self.column(dimension.field)
        if not dimension.grain:
            return column
        return self._words[dimension.grain].format(self._as_date(dimension.field))

    def preceding(self, key: str, grain: str) -> str:
        """The key of the stretch of time before; empty for weekdays and for what has no grain."""
        return self._words.get(f"before_{grain}", "").format(key)

    def told(self, keys: Sequence[str]) -> list[str]:
        """The keys of the groups as they are shown: weekdays, which sort by their numbers, by their names."""
        pairs = zip(keys, self._reading.dimensions, strict=True)
        return [self._day_name(key) if one.grain == "weekday" else key for key, one in pairs]

    def _day_name(self, key: str) -> str:
        names = " ".join(f"WHEN {day} THEN {literal(name)}" for day, name in enumerate(self._label.weekdays, start=1))
        return f"CASE {key} {names} END"

    def _as_date(self, field: Field) -> str:
        info = self._schema.column(field)
        return self._words["as_date"].format(self.column(field)) if info.type == "text" else self.column(field)

    def measure(self, measure: Measure) -> str:
        """The fold as SQL, over the rows of this reading."""
        if measure.fold == "ratio":
            assert measure.top is not None
            assert measure.bottom is not None
            return f"{self.measure(measure.top)} * 1.0 / NULLIF({self.measure(measure.bottom)}, 0)"
        if measure.fold == "count":
            return self._count(measure.table)
        assert measure.expression is not None
        text = self.expression(measure.expression)
        return f"COUNT(DISTINCT {text})" if measure.fold == "distinct" else f"{_FOLDS[measure.fold]}({text})"

    def _count(self, table: str) -> str:
        key = self._schema.table(table).primary_key
        if table in self._frame.multiplied:
            return f"COUNT(DISTINCT {self.column(Field(table, key[0]))})"
        if self._frame.optional and self._frame.tree.root != table:
            edge = next(step.edge for step in self._frame.tree.steps if step.far == table)
            names = edge.many_columns if table == edge.many else edge.one_columns
            return f"COUNT({self.column(Field(table, names[0]))})"
        return "COUNT(*)"

    def condition(self, condition: Condition | AnyOf | Period) -> str:
        if isinstance(condition, AnyOf):
            return f"({' OR '.join(self.condition(one) for one in condition.conditions)})"
        if isinstance(condition, Period):
            return self._period(condition)
        text = self.expression(condition.what)
        if condition.grain:
            text = self._words[condition.grain].format(self._as_date(condition.what.fields[0]))
        if condition.within:
            values = [f"({self._within_rows(condition)})"]
        elif condition.against:
            values = [f"(SELECT {_FOLDS[condition.against]}({text}) FROM {quoted(condition.table)})"]  # noqa: S608
        else:
            values = [self._literal(value, condition) for value in condition.values]
        compared = _compared(self._comparable(text, condition), condition.compare, values)
        return _negated(compared, condition.compare) if condition.negated else compared

    def _within_rows(self, condition: Condition) -> str:
        """The fold that a condition compares with, over some rows only."""
        fold = Measure(condition.against or "avg", condition.table, condition.what)
        inner = Reading(measures=(fold,), conditions=condition.within)
        return Writer(inner, self._schema, self._label).statement()

    def _comparable(self, text: str, condition: Condition) -> str:
        """Text columns that hold numbers are compared as numbers."""
        info = self._schema.column(condition.what.fields[0])
        numbers = all(isinstance(value, int | float) for value in condition.values) and bool(condition.values)
        if info.type == "text" and numbers and condition.compare not in ("=", "!=", "in"):
            return self._words["as_number"].format(text)
        return text

    def _literal(self, value: Any, condition: Condition) -> str:
        info = self._schema.column(condition.what.fields[0])
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if condition.grain:
            return number(value)
        if isinstance(value, int | float):
            textual = info.type == "text" and condition.compare in ("=", "!=", "in")
            return literal(str(whole(value))) if textual else number(value)
        if info.type in ("date", "timestamp"):
            return self._words["date"].format("", value)
        return literal(str(value))

    def _period(self, period: Period) -> str:
        column = self._as_date(period.field)
        edges = []
        if period.start:
            edges.append(f"{column} >= {self._words['date'].format('', period.start)}")
        if period.end:
            edges.append(f"{column} < {self._words['date'].format('', period.end)}")
        return f"NOT ({' AND '.join(edges)})" if period.negated else " AND ".join(edges)


def titles(parts: Sequence[Field | Measure | Dimension], label: Label) -> list[str]:
    """The titles of a result's columns; a second one of the same words gets a number."""
    words = [label(part) for part in parts]
    return [
        word if word not in words[:place] else f"{word} {words[:place].count(word) + 1}"
        for place, word in enumerate(words)
    ]  # fmt: skip


def quoted(name: str) -> str:
    """An identifier (SQL:2016, 5.2: delimited identifier)."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A character string literal."""
    return "'" + text.replace("'", "''") + "'"


def number(value: float) -> str:
    """A number, without a needless decimal point."""
    return repr(whole(value))


def _compared(text: str, compare: str, values: Sequence[str]) -> str:
    if compare == "null":
        return f"{text} IS NULL"
    if compare == "between":
        return f"{text} BETWEEN {values[0]} AND {values[1]}"
    if compare == "in":
        return f"{text} IN ({', '.join(values)})"
    if compare == "like":
        return f"LOWER({text}) LIKE LOWER({values[0]})"
    if compare == "!=":
        return f"{text} <> {values[0]}"
    return f"{text} {compare} {values[0]}"


def _negated(text: str, compare: str) -> str:
    swaps = {"in": (" IN (", " NOT IN ("), "null": (" IS NULL", " IS NOT NULL"), "=": (" = ", " <> ")}
    if compare in swaps:
        return text.replace(*swaps[compare], 1)
    return f"NOT ({text})"


def _on(edge: Edge) -> str:
    pairs = zip(edge.many_columns, edge.one_columns, strict=True)
    return " AND ".join(f"{quoted(edge.many)}.{quoted(a)} = {quoted(edge.one)}.{quoted(b)}" for a, b in pairs)
