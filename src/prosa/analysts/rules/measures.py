"""Measures that people name and a catalog only implies: revenue, units, the average order, profit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import msgspec

from prosa.analysts.rules import lexicon
from prosa.analysts.rules.data import data
from prosa.analysts.rules.glossary import PREFIX, Glossary
from prosa.analysts.rules.grammar import Grammar
from prosa.analysts.rules.links import Link, Target, closeness, content
from prosa.analysts.rules.reading import Expression, Field, Fold, Measure, plain
from prosa.analysts.rules.schema import Element, Schema
from prosa.analysts.rules.words import Token, normal, stem
from prosa.analysts.rules.words import fold as fold_text
from prosa.results import NUMERIC
from prosa.sources.base import ColumnInfo, TableInfo

_SURE = 0.8
_NAMED, _VERB = 0.99, 0.9


class Fact(NamedTuple):
    """A table with the columns that its measures are made of."""

    table: TableInfo
    quantity: Field | None
    price: Field | None
    discount: Field | None
    cost: Field | None


class Measures:
    """The named measures of one catalog."""

    def __init__(self, schema: Schema, glossary: Glossary | None = None) -> None:
        self._schema = schema
        self._glossary = glossary
        self._facts = [self._fact(table) for table in schema.catalog.tables if not self._is_apart(table)]
        self.revenue = self._revenue()
        self.units = self._units()
        self.profit = self._profit()

    # Found in a question

    def links(self, tokens: Sequence[Token], grammar: Grammar) -> list[Link]:
        """The spans that name a measure which this catalog has, or anything of the glossary."""
        found = self._glossary.links(tokens, grammar, self._schema.catalog) if self._glossary else []
        for start in range(len(tokens)):
            for end in range(start + 1, min(len(tokens), start + 6) + 1):
                span = tokens[start:end]
                if span[0].kind != "word" or span[-1].kind != "word" or not content(span[-1:], grammar):
                    continue
                words = tuple(content(span, grammar))
                hit = _spoken().get(words)
                if hit is not None and (table := self._table(hit[0])):
                    target = Target("measure", table, *hit)
                    if " ".join(words) in _listed("loose") and self._is_called(words[0], grammar.language):
                        continue
                    found.append(Link(start, end, target, _VERB if hit[1] else _NAMED, len(words)))
        return found

    def claimed(self, links: Sequence[Link], own: Sequence[Link]) -> list[Link]:
        """The links with those of named measures; a word for a measure means its table only where it is its name."""
        spans = {(link.start, link.end, link.target.table) for link in own}
        others = [
            link
            for link in links
            if link.target.kind != "table"
            or link.score >= 1.0
            or (link.start, link.end, link.target.table) not in spans
        ]
        return [*others, *own]

    def _is_called(self, word: str, language: str) -> bool:
        """Whether a number column of the catalog has the word in its name, in either language; of several it is asked
        which one is meant."""
        keys = lexicon.keys(word, language)
        near = [self._schema.elements[place] for place in self._schema.near(keys)]
        return any(
            one.column is not None
            and one.column.type in NUMERIC
            and any(word.own and keys.keys() & word.keys.keys() for word in one.words)
            for one in near
        )

    def _table(self, name: str) -> str:
        measure = self._measure(name, "sum")
        return measure.table if measure else ""

    # Asked for by a reading

    def is_verb(self, target: Target) -> bool:
        """Whether the link is a word such as `sold`, which alone only says where the rows are."""
        return target.value == "verb"

    def sells(self, word: str) -> bool:
        """Whether a folded word says that something is sold, where the data has sales."""
        return self.revenue is not None and _spoken().get((word,)) == ("revenue", "verb")

    def folded(self, target: Target, fold: Fold) -> Measure | None:
        """The measure that a link names, folded so; an average of what is sold is the average order."""
        if target.column.startswith(PREFIX):
            return self._given(target.column, fold)
        if target.column == "revenue" and fold == "avg":
            return self._average_order() or self._measure("revenue", "avg")
        return self._measure(target.column, fold)

    def _given(self, name: str, fold: Fold) -> Measure | None:
        """A measure of the glossary as it is defined; another fold of it only where its own is a sum."""
        measure = self._glossary.measure(name, self._schema.catalog) if self._glossary else None
        if measure is None or fold in ("sum", measure.fold):
            return measure
        return msgspec.structs.replace(measure, fold=fold) if measure.fold == "sum" else None

    def counted(self, target: Target) -> Measure | None:
        """What `how many` means before a measure: units are added, sales are counted."""
        if target.column.startswith(PREFIX):
            return self._given(target.column, "sum")
        if target.column == "units":
            return self._measure("units", "sum")
        return self._orders_counted() if target.column == "revenue" else None

    def counts_rows(self, word: str) -> bool:
        """Whether a number before the word counts rows: `10 sales`, unlike an amount of revenue."""
        return fold_text(word) in _listed("counted")

    def best(self, *, worst: bool = False) -> Measure | None:
        """What best-selling means: units where they are known, else revenue."""
        return self._measure("units", "sum") or self._measure("revenue", "sum")

    def folded_revenue(self) -> Measure | None:
        """What a top list goes by when nobody says."""
        return self._measure("revenue", "sum")

    def rows_counted(self, table: str) -> Measure:
        """What `how many` of a table means: its rows, or the numbers in a column that is called like the table, whose
        rows are counts already: `degrees.degrees`."""
        for element in self._schema.columns(table):
            column = element.column
            if column is None or column.type not in NUMERIC or column.role == "id":
                continue
            if self._schema.is_namesake(element) and not self._schema.points(table, column.name):
                return Measure("sum", table, plain(Field(table, column.name)))
        return Measure("count", table)

    def of_plain_rows(self, table: str) -> Measure | None:
        """The sum of a table's only measure, where its rows are nothing but that number for some keys: a table of
        monthly targets is added up, a table of orders is counted."""
        info = self._table_info(table)
        keys = {name for key in info.foreign_keys for name in key.columns}
        others = [column for column in info.columns if column.name not in keys and column.role not in ("date", "id")]
        return self.main(table, "sum") if keys and len(others) == 1 and info.display is None else None

    def main(self, table: str, fold: Fold) -> Measure | None:
        """A fold of a table's only measure; None where it has none or several."""
        info = self._schema.catalog.table(table)
        assert info is not None
        measures = [column.name for column in info.columns if column.role == "measure"]
        return Measure(fold, table, plain(Field(table, measures[0]))) if len(measures) == 1 else None

    def rows(self, measure: Measure) -> tuple[str, Expression | None]:
        """The table whose rows `sales above 1,000` speaks of, and what each is worth; None where a row's worth is a sum
        of lines."""
        key = self._order_key(self._table_info(measure.table))
        if key is None:
            return measure.table, measure.expression
        edge = next(one for one in self._table_info(measure.table).foreign_keys if one.columns == (key,))
        return edge.table, None

    def worth(self, table: str) -> Measure | None:
        """The revenue of a table's rows, where it is derived from them or from their lines."""
        measure = self._measure("revenue", "sum")
        return measure if measure is not None and self.rows(measure)[0] == table else None

    def is_plan(self, table: str) -> bool:
        """Whether a table holds targets or budgets: `sales target` is one of these, and no sale."""
        return self._names(self._table_info(table), "plans")

    def unsaid(self, table: str) -> Field | None:
        """The column that a bare amount means: the price or the like, else a table's only measure."""
        info = self._table_info(table)
        for phrase in _phrases("unsaid", "columns"):
            if (field := self._column(info, [phrase])) is not None:
                return field
        measures = [column.name for column in info.columns if column.role == "measure"]
        return Field(table, measures[0]) if len(measures) == 1 else None

    def _measure(self, name: str, fold: Fold) -> Measure | None:
        if name == "average_order":
            return self._average_order()
        expression = {"revenue": self.revenue, "units": self.units, "profit": self.profit}.get(name)
        return Measure(fold, expression.table, expression, name=expression.name) if expression else None

    # Derived from the catalog

    def _average_order(self) -> Measure | None:
        if self.revenue is None:
            return None
        fact = self._table_info(self.revenue.table)
        if self._names(fact, "orders") and not self._order_key(fact):
            return Measure("avg", fact.name, self.revenue, name="average_order")
        key = self._order_key(fact)
        if key is None:
            return None
        top = Measure("sum", fact.name, self.revenue, name=self.revenue.name)
        bottom = Measure("distinct", fact.name, plain(Field(fact.name, key)))
        return Measure("ratio", fact.name, top=top, bottom=bottom, name="average_order")

    def _orders_counted(self) -> Measure | None:
        if self.revenue is None:
            return None
        fact = self._table_info(self.revenue.table)
        key = self._order_key(fact)
        return Measure("distinct", fact.name, plain(Field(fact.name, key))) if key else Measure("count", fact.name)

    def _order_key(self, fact: TableInfo) -> str | None:
        """The column by which lines belong to an order."""
        for key in fact.foreign_keys:
            other = self._schema.catalog.table(key.table)
            if len(key.columns) == 1 and other is not None and self._names(other, "orders") and other is not fact:
                return key.columns[0]
        return None

    def _revenue(self) -> Expression | None:
        found: list[tuple[float, int, Expression]] = []
        for fact in self._facts:
            rows = fact.table.rows
            selling = 0.05 if self._names(fact.table, "orders") or fact.quantity else 0.0
            if (column := self._money(fact, "columns")) is not None:
                found.append((1.0 + selling, rows, Expression((column,), name="revenue")))
            elif (column := self._money(fact, "amounts")) is not None and (selling or self._names(fact.table, "paid")):
                # What was paid is the revenue only where the data has no sales.
                found.append((0.97 if selling else 0.6, rows, Expression((column,), name="revenue")))
            elif fact.quantity and fact.price:
                found.append((0.95, rows, self._sold(fact, fact.price)))
            elif fact.quantity and (price := self._listed_price(fact)):
                found.append((0.8, rows, Expression((fact.quantity, price), "{0} * {1}", "revenue")))
        return self._finest(found)

    def _money(self, fact: Fact, group: str) -> Field | None:
        """The column of revenue under its usual names; quantities, which some languages call amounts, are none."""
        return self._column(fact.table, _phrases("revenue", group), fact.quantity)

    def _finest(self, found: list[tuple[float, int, Expression]]) -> Expression | None:
        """The surest expression; lines of orders before the totals of the same orders, so that products can be asked
        for as well."""
        if not found:
            return None
        best = max(found, key=lambda entry: (entry[0], entry[1]))[2]
        lines = [one for _, _, one in found if one.table != best.table and self._points_at(one.table, best.table)]
        return lines[0] if lines and len(lines[0].fields) > 1 else best

    def _points_at(self, one: str, other: str) -> bool:
        return any(key.table == other for key in self._table_info(one).foreign_keys)

    def _sold(self, fact: Fact, price: Field) -> Expression:
        assert fact.quantity is not None
        if fact.discount is None:
            return Expression((fact.quantity, price), "{0} * {1}", "revenue")
        info = fact.table.column(fact.discount.column)
        whole = isinstance(info.max, int | float) and info.max > 1 if info else False
        template = "{0} * {1} * (1 - {2} / 100.0)" if whole else "{0} * {1} * (1 - {2})"
        return Expression((fact.quantity, price, fact.discount), template, "revenue")

    def _listed_price(self, fact: Fact) -> Field | None:
        for key in fact.table.foreign_keys:
            other = next((one for one in self._facts if one.table.name == key.table), None)
            if other is not None and other.price is not None:
                return other.price
        return None

    def _units(self) -> Expression | None:
        facts = [fact for fact in self._facts if fact.quantity and (fact.price or self._listed_price(fact))]
        facts = facts or [fact for fact in self._facts if fact.quantity]
        best = max(facts, key=lambda fact: fact.table.rows, default=None)
        return Expression((best.quantity,), name="units") if best and best.quantity else None

    def _profit(self) -> Expression | None:
        for fact in self._facts:
            if fact.quantity and fact.price:
                cost = fact.cost or self._listed_cost(fact)
                if cost:
                    return Expression((fact.quantity, fact.price, cost), "{0} * ({1} - {2})", "profit")
        return None

    def _listed_cost(self, fact: Fact) -> Field | None:
        for key in fact.table.foreign_keys:
            other = next((one for one in self._facts if one.table.name == key.table), None)
            if other is not None and other.cost is not None:
                return other.cost
        return None

    def _fact(self, table: TableInfo) -> Fact:
        quantity, price, discount, cost = (
            self._column(table, _phrases("parts", part)) for part in ("quantity", "price", "discount", "cost")
        )
        if quantity is not None and (self._names(table, "paid") or self._is_amount(quantity)):
            quantity = None  # an amount that was paid is money
        return Fact(table, quantity, price, discount if discount and self._is_rate(table, discount) else None, cost)

    def _is_amount(self, field: Field) -> bool:
        """Whether a column is called an amount in English, which is money, and no quantity in Portuguese."""
        words = english_words(self._schema.element(field.table, field.column))
        counted = {stem(word) for phrase in _phrases("parts", "quantity") for word in phrase}
        return is_money(words) and not counted.intersection(words)

    def _is_rate(self, table: TableInfo, field: Field) -> bool:
        info = table.column(field.column)
        return info is not None and isinstance(info.max, int | float) and 0 <= info.max <= 100

    def _is_apart(self, table: TableInfo) -> bool:
        """Whether a table holds plans or returns, so that nothing in it is a sale."""
        return self._names(table, "plans") or self._names(table, "undone")

    def _names(self, table: TableInfo, group: str) -> bool:
        element = self._schema.element(table.name)
        return any(_fits(phrase, element) >= _SURE for phrase in _phrases("tables", group))

    def _column(self, table: TableInfo, phrases: Sequence[tuple[str, ...]], but: Field | None = None) -> Field | None:
        """The number column that fits one of the phrases best, the earlier phrase where two fit alike."""
        best: tuple[float, ColumnInfo] | None = None
        for element in self._schema.columns(table.name):
            assert element.column is not None
            if element.column.type not in NUMERIC or element.column.role == "id":
                continue
            if but is not None and element.column.name == but.column:
                continue
            keys = frozenset(key for word in element.words for key in word.keys)
            score = max(
                (
                    _fits(phrase, element) - 0.001 * place
                    for place, phrase in enumerate(phrases)
                    if _may_fit(phrase, keys)
                ),
                default=0.0,
            )
            if score >= _SURE and (best is None or score > best[0]):
                best = (score, element.column)
        return Field(table.name, best[1].name) if best else None

    def _table_info(self, name: str) -> TableInfo:
        found = self._schema.catalog.table(name)
        assert found is not None
        return found


@cache
def _phrase_keys(phrase: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(key for language in ("en", "pt") for key in lexicon.keys(word, language)) for word in phrase)


def _may_fit(phrase: tuple[str, ...], keys: frozenset[str]) -> bool:
    """Whether each word of a phrase has a key in common with a name: a quick no for most names."""
    return not any(word.isdisjoint(keys) for word in _phrase_keys(phrase))


def _fits(phrase: tuple[str, ...], element: Element) -> float:
    return max(closeness([lexicon.keys(word, language) for word in phrase], element) for language in ("en", "pt"))


@cache
def _phrases(group: str, name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(normal(one).split()) for one in data("measures")[group][name].split(";"))


@cache
def _spoken() -> dict[tuple[str, ...], tuple[str, str]]:
    """What measures are called in questions: words to the measure's name, and `verb` where they only say it happens."""
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    for name in ("revenue", "units", "average_order", "profit"):
        entry = data("measures")[name]
        for flag, text in (("", entry["words"]), ("verb", entry["verbs"])):
            for line in text.strip().splitlines():
                for phrase in line.split(","):
                    words = tuple(word for word in normal(phrase).split() if word not in ("de", "of"))
                    if words:
                        found.setdefault(words, (name, flag))
    return found


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(normal(one) for one in data("measures")["revenue"][name].split(","))


@cache
def _roots(group: str) -> frozenset[str]:
    return frozenset(stem(normal(one)) for one in data("measures")[group]["words"].split(","))


def is_added(words: Sequence[str]) -> bool:
    """Whether numbers of a column with these English words make sense when added up."""
    return bool(_roots("added").intersection(words)) or not _roots("not_added").intersection(words)


def is_money(words: Sequence[str]) -> bool:
    """Whether a column with these English words holds money."""
    return bool(_roots("money").intersection(words))


def english_words(element: Element) -> list[str]:
    """The English words that a column's name may mean."""
    return [key for word in element.words for key in word.keys if not key.startswith("p:")]
