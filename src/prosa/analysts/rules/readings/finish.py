"""The reading as a whole: what was gathered fits together, or there is none."""

from __future__ import annotations

from prosa.analysts.rules.measures import english_words, is_added
from prosa.analysts.rules.reading import (
    Condition,
    Dimension,
    Expression,
    Field,
    Measure,
    Order,
    Reading,
    plain,
)
from prosa.analysts.rules.readings.dating import date_each, dates_of, place_periods
from prosa.analysts.rules.readings.derivations import derive
from prosa.analysts.rules.readings.occasions import keep_done
from prosa.analysts.rules.readings.orders import MANY
from prosa.analysts.rules.readings.several_periods import tell_apart
from prosa.analysts.rules.readings.state import State, field_of, is_plural
from prosa.analysts.rules.readings.totals import count

_ROW_COLUMNS = 12
"""The most columns that a row without a name is listed with."""


def finish(state: State) -> Reading | None:
    """What the question asks for; None where it asks for nothing that can be shown."""
    _growth_alone(state)
    _subject(state)
    _each_value(state)
    _total_of_many(state)
    _looked_up(state)
    _of_the_extreme(state)
    _ranking(state)
    place_periods(state)
    keep_done(state)
    date_each(state)
    tell_apart(state)
    _fold_for_groups(state)
    counted = _counts_groups(state)
    shown, dimensions = _columns(state)
    if not (shown or dimensions or state.measures):
        return None
    if state.alternative:
        state.doubt("unused_or")
    if state.subject and state.shown and all(field.table != state.subject for field in state.shown):
        state.doubt("other_shown")
    reading = Reading(
        shown=tuple(shown),
        dimensions=tuple(dimensions),
        measures=tuple(state.measures),
        conditions=tuple(state.conditions),
        periods=tuple(state.periods),
        exists=tuple(state.exists),
        having=tuple(state.having),
        order=_ordered(state, dimensions),
        limit=state.limit,
        offset=state.offset,
        distinct=state.distinct and not state.measures,
        subject=state.subject,
        links=tuple(_links(state)),
        hints=tuple(state.hints),
        groups_counted=counted,
        favoured=state.favoured,
    )
    return derive(state, reading)


def _growth_alone(state: State) -> None:
    """`year over year growth` of nothing in particular is that of what was sold."""
    named = state.measures or state.subject or state.shown or state.context or state.dimensions
    revenue = state.named.folded_revenue()
    if not named and revenue is not None and any(kind in ("growth", "versus") for kind, _ in state.derivations):
        state.doubt("ranked_by_revenue")
        state.measures.append(revenue)


def _subject(state: State) -> None:
    """Where the question names a table but shows nothing of it, the table is what it asks for."""
    if not state.subject and not state.shown and not state.measures and not state.dimensions and state.context:
        state.subject = state.context[0]
    if (
        not state.subject
        and not state.shown
        and not state.measures
        and state.order
        and isinstance(state.order.by, Expression)
    ):
        state.subject = state.order.by.table


def _total_of_many(state: State) -> None:
    """`total value of the pending invoices`, where a column is called so: their sum rather than a list."""
    if len(state.shown) != 1 or state.measures or state.order or state.dimensions or state.limit or state.having:
        return
    field = state.shown[0]
    linked = [atom for atom in state.atoms if atom.kind == "column" and field_of(atom) == field]
    named = {"total"} & set(english_words(state.schema.element(field.table, field.column)))
    if not linked or not named or not state.numeric(field) or not state.is_money(field):
        return
    state.doubt("total_or_each")
    state.shown.remove(field)
    state.measures.append(Measure("sum", field.table, plain(field)))


def _each_value(state: State) -> None:
    """`average age of male and female students` wants one number for each."""
    named = [one for one in state.conditions if isinstance(one, Condition) and one.all_of]
    if len(named) != 1 or not state.measures or state.dimensions or state.shown or state.having or state.order:
        return
    state.doubt("each_or_both")
    if all(measure.table == named[0].table for measure in state.measures):
        state.dimensions.append(Dimension(named[0].what.fields[0]))


def _of_the_extreme(state: State) -> None:
    """`average age of students in the dorm with the largest capacity` narrows a number down to that dorm."""
    order = state.order
    if order is None or not isinstance(order.by, Expression) or not state.measures or state.limit != 1:
        return
    if state.dimensions or state.shown or state.direction:
        return
    state.conditions.append(Condition(order.by, "=", against="max" if order.descending else "min"))
    state.order = state.limit = None


def _looked_up(state: State) -> None:
    """`how many cylinders does the car with the least weight have` looks one number up instead of adding it."""
    # The row that comes first has the number already: adding it up would lose the order.
    found = state.order is not None and isinstance(state.order.by, Expression) and state.limit == 1
    if not found or state.dimensions:
        return
    for measure in [one for one in state.measures if one.fold == "sum" and one.expression and not one.name]:
        assert measure.expression is not None
        state.measures.remove(measure)
        state.shown.append(measure.expression.fields[0])


def _counts_groups(state: State) -> bool:
    """`how many countries have more than two makers`: the groups are counted, not their rows."""
    single = len(state.measures) == 1 and state.measures[0].fold in ("count", "distinct")
    if not state.having or not single or state.dimensions or state.shown:
        return False
    counted = state.measures[0]
    if counted.fold == "count":
        state.dimensions.append(Dimension(state.display(counted.table), entity=True))
    elif counted.expression is not None:
        state.dimensions.append(Dimension(counted.expression.fields[0]))
    return True


def _ranking(state: State) -> None:
    """A top or bottom that did not say by what."""
    if not state.direction or state.order is not None:
        _limit_of_many(state)
        return
    if state.direction in ("first", "last", "asc", "desc") or "plural" in state.direction:
        by = _ranked_by(state)
        if by is None:
            state.doubt("ranked_by_nothing")
        else:
            state.order = Order(by, state.direction.split()[0] in ("desc", "last", "plural"))
    _limit_of_many(state)


def _ranked_by(state: State) -> Measure | Expression | None:
    if state.measures:
        return state.measures[-1]
    numbers = [field for field in state.shown if state.numeric(field)]
    if numbers:
        return plain(numbers[-1])
    dated = dates_of(state, state.subject) if state.subject and state.direction in ("first", "last") else []
    if dated:
        return plain(dated[0])  # `last 5 orders`
    measure = state.named.folded_revenue()
    if measure is not None and state.subject == measure.table and not _is_named(state):
        return measure.expression
    if measure is not None and (state.subject or any(field.table == measure.table for field in state.shown)):
        state.doubt("ranked_by_revenue")
        return measure
    return None


def _is_named(state: State) -> bool:
    """Whether something tells the rows of the subject apart."""
    table = state.table(state.subject)
    return bool(table.display or table.primary_key)


def _is_one(state: State) -> bool:
    """Whether what is shown was said in the singular: `best selling product`."""
    said = [atom for atom in state.loud if atom.kind == "column" and field_of(atom) in state.shown]
    return not state.subject and bool(said) and not any(is_plural(atom) for atom in said)


def _limit_of_many(state: State) -> None:
    if state.spoken and state.plural and state.limit == 1 and state.subject and not state.shown and not state.measures:
        state.limit = MANY
    if "plural" in state.direction and state.limit is None and state.order is not None:
        state.limit = MANY if state.plural or not (state.subject or _is_one(state)) else 1


def _fold_for_groups(state: State) -> None:
    """Groups need something to fold: a number that was shown, or the rows themselves."""
    ranked = state.order is not None and isinstance(state.order.by, Measure)
    if not state.dimensions or state.measures or ranked or state.having or _first_rows_of_each(state):
        return
    numbers = [field for field in state.shown if state.numeric(field)]
    if numbers and all(one.entity and one.field.table == numbers[0].table for one in state.dimensions):
        return  # `team and starting year for each technician` are there once a row
    listed = [state.display(table) for table in state.side_by_side]
    if len(listed) > 1 and state.shown == listed:
        state.measures += [state.named.of_plain_rows(table) or count(table) for table in state.side_by_side]
        state.shown, state.subject = [], ""
    elif numbers:
        for field in numbers:
            state.shown.remove(field)
            state.measures.append(usual_fold(state, field))
    elif not state.shown:
        if not state.subject and not state.context:
            state.doubt("nothing_named")
        grouped = {one.field.table for one in state.dimensions}
        others = [table for table in state.context if table not in grouped]  # `cancelled orders by store`
        table = state.subject or (others[0] if others else state.dimensions[0].field.table)
        state.measures.append(state.named.of_plain_rows(table) or count(table))
        state.subject = ""


def usual_fold(state: State, field: Field) -> Measure:
    """Numbers that can be added are added; prices, ages and rates are averaged, which is less sure."""
    added = is_added(english_words(state.schema.element(field.table, field.column)))
    state.doubt("added_unsaid" if added else "averaged_unsaid")
    return Measure("sum" if added else "avg", field.table, plain(field))


def _columns(state: State) -> tuple[list[Field], list[Dimension]]:
    """What is shown as it is, and what is grouped by."""
    shown, dimensions = list(state.shown), list(state.dimensions)
    folding = bool(state.measures or state.having or (state.order and isinstance(state.order.by, Measure)))
    if not folding:
        if _first_rows_of_each(state) and not shown:
            shown = [state.display(state.subject)]
        told = {field.table for field in shown}
        shown += [
            one.field for one in dimensions if one.field not in shown and not (one.entity and one.field.table in told)
        ]
        if not shown and state.subject:
            shown = _row(state)
        return shown, []
    if state.subject and not shown and not dimensions and _needs_groups(state):
        dimensions = [Dimension(state.display(state.subject), entity=True)]
        _show_rank(state)
    _show_having(state)
    if state.measures and not state.distinct and any(state.info(field).role == "measure" for field in shown):
        state.doubt("measure_beside")  # nobody said that its numbers are groups
    entity = _entity(state, shown)
    dimensions = [
        *(Dimension(field, entity=field.table == entity and field not in state.kinds) for field in shown),
        *(whole for one in dimensions if one.field not in shown for whole in _named_wholly(state, one)),
    ]
    if not state.shown and dimensions and not state.measures:
        _show_rank(state)
    return [], dimensions


def _named_wholly(state: State, dimension: Dimension) -> list[Dimension]:
    fields = _whole_name(state, dimension.field) if dimension.entity else [dimension.field]
    return [dimension, *(Dimension(field, entity=True) for field in fields if field != dimension.field)]


def _needs_groups(state: State) -> bool:
    ranked = state.order is not None and isinstance(state.order.by, Measure)
    foreign = any(measure.table != state.subject for measure in state.measures)
    return ranked or bool(state.having) or foreign


def _show_rank(state: State) -> None:
    """A ranking by a measure shows it, unless only certain columns were asked for."""
    if state.order is not None and isinstance(state.order.by, Measure) and state.order.by not in state.measures:
        state.measures.append(state.order.by)


def _show_having(state: State) -> None:
    """Sums and averages that groups must reach are shown beside them; counts are not."""
    if state.subject and not state.shown and not state.measures:
        state.measures += [one.measure for one in state.having if one.measure.fold not in ("count", "distinct")]


def _entity(state: State, shown: list[Field]) -> str:
    """The table whose rows the shown columns name, so that two of one name stay apart."""
    if len({field.table for field in shown}) != 1:
        return ""
    table = state.table(shown[0].table)
    # Counting a table's own rows by one of its columns counts the column's kinds, not rows that it names.
    if any(one.fold == "count" and one.table == table.name for one in _counted(state)):
        return ""
    columns = {field.column for field in shown}
    keyed = bool(table.primary_key) and columns.issuperset(table.primary_key)
    return table.name if keyed or state.display(table.name).column in columns else ""


def _counted(state: State) -> list[Measure]:
    ranked = [state.order.by] if state.order is not None and isinstance(state.order.by, Measure) else []
    return [*state.measures, *(one.measure for one in state.having), *ranked]


def _row(state: State) -> list[Field]:
    """What a row is listed as: its name; everything where it has none, or where all was asked for."""
    table = state.table(state.subject)
    display = state.display(state.subject)
    nameless = display.column in table.primary_key or not (table.display or state.info(display).role == "name")
    if not state.everything and (not nameless or len(table.columns) > _ROW_COLUMNS):
        return _whole_name(state, display)
    return [Field(state.subject, column.name) for column in table.columns]


def _first_rows_of_each(state: State) -> bool:
    """`cheapest product of each category`: rows by a column of their own, the first of each group."""
    ranked = state.order is not None and isinstance(state.order.by, Expression) and state.limit is not None
    return ranked and state.each_group is not None and bool(state.subject or state.shown)


def _whole_name(state: State, field: Field) -> list[Field]:
    """A person's name in both its parts, where the column is the first of them."""
    whole = state.schema.full_name(field.table)
    return list(whole) if field in whole and state.display(field.table) == field else [field]


def _ordered(state: State, dimensions: list[Dimension]) -> Order | None:
    """The order. Groups that go by a column which they are not told apart by go by its highest or lowest value."""
    order = state.order
    folding = bool(state.measures or state.having)
    if order is None or not dimensions or not folding or not isinstance(order.by, Expression):
        return order
    if _first_rows_of_each(state):
        return order
    if {one.field for one in dimensions}.issuperset(order.by.fields):
        return order
    return Order(Measure("max" if order.descending else "min", order.by.table, order.by), order.descending)


def _links(state: State) -> list[str]:
    """Tables that were named without anything of theirs being shown or compared."""
    used = {*(field.table for field in state.shown), *(one.field.table for one in state.dimensions)}
    if not used:
        used.add(state.subject)
    used |= {measure.table for measure in state.measures} | {one.measure.table for one in state.having}
    if state.order is not None and isinstance(state.order.by, Measure):
        used.add(state.order.by.table)
    for exists in state.exists:
        used |= {exists.table, *(one.table for one in exists.conditions if isinstance(one, Condition))}
    return [table for table in state.context if table not in used]
