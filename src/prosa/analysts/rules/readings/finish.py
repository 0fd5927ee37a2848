"""The reading as a whole: what was gathered fits together, or there is none."""

from __future__ import annotations

from prosa.analysts.rules.measures import english_words, is_added
from prosa.analysts.rules.reading import (
    AnyOf,
    Condition,
    Dimension,
    Expression,
    Field,
    Measure,
    Order,
    Reading,
    plain,
)
from prosa.analysts.rules.readings.dating import place_periods
from prosa.analysts.rules.readings.orders import MANY
from prosa.analysts.rules.readings.state import State
from prosa.analysts.rules.readings.totals import count

_UNUSED_OR, _OTHER_SHOWN, _NOTHING_NAMED, _EACH_OR_BOTH = 0.4, 0.8, 0.5, 0.7
"""What is left of the certainty for an `or` without two sides; where nothing of what was asked for first is shown; and
where a group is asked for, but nothing to group; and where a number for two values may be one for each."""


def finish(state: State) -> Reading | None:
    """What the question asks for; None where it asks for nothing that can be shown."""
    _subject(state)
    _looked_up(state)
    _of_the_extreme(state)
    place_periods(state)
    _ranking(state)
    _fold_for_groups(state)
    counted = _counts_groups(state)
    shown, dimensions = _columns(state)
    if not (shown or dimensions or state.measures):
        return None
    state.doubts *= _UNUSED_OR if state.alternative else 1.0
    if state.measures and any(isinstance(one, Condition) and one.all_of for one in state.conditions):
        state.doubts *= _EACH_OR_BOTH
    if state.subject and state.shown and all(field.table != state.subject for field in state.shown):
        state.doubts *= _OTHER_SHOWN
    return Reading(
        shown=tuple(shown),
        dimensions=tuple(dimensions),
        measures=tuple(state.measures),
        conditions=tuple(state.conditions),
        periods=tuple(state.periods),
        exists=tuple(state.exists),
        having=tuple(state.having),
        order=_ordered(state, dimensions),
        limit=state.limit,
        distinct=state.distinct and not state.measures,
        subject=state.subject,
        links=tuple(_links(state)),
        hints=tuple(state.hints),
        groups_counted=counted,
        favoured=state.favoured,
    )


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
            state.doubts *= 0.3
        else:
            state.order = Order(by, state.direction.split()[0] in ("desc", "last", "plural"))
    _limit_of_many(state)


def _ranked_by(state: State) -> Measure | Expression | None:
    if state.measures:
        return state.measures[-1]
    numbers = [field for field in state.shown if state.numeric(field)]
    if numbers:
        return plain(numbers[-1])
    measure = state.named.folded_revenue()
    if measure is not None and state.subject:
        state.doubts *= 0.85
        return measure
    return None


def _limit_of_many(state: State) -> None:
    if state.spoken and state.plural and state.limit == 1 and state.subject and not state.shown and not state.measures:
        state.limit = MANY
    if "plural" in state.direction and state.limit is None and state.order is not None:
        state.limit = MANY if state.plural or not state.subject else 1


def _fold_for_groups(state: State) -> None:
    """Groups need something to fold: a number that was shown, or the rows themselves."""
    ranked = state.order is not None and isinstance(state.order.by, Measure)
    if not state.dimensions or state.measures or ranked or state.having:
        return
    numbers = [field for field in state.shown if state.numeric(field)]
    listed = [state.display(table) for table in state.side_by_side]
    if len(listed) > 1 and state.shown == listed:
        state.measures += [state.named.of_plain_rows(table) or count(table) for table in state.side_by_side]
        state.shown, state.subject = [], ""
    elif numbers:
        for field in numbers:
            state.shown.remove(field)
            state.measures.append(_usual_fold(state, field))
    elif not state.shown:
        state.doubts *= 1.0 if state.subject or state.context else _NOTHING_NAMED
        table = state.subject or state.dimensions[0].field.table
        state.measures.append(state.named.of_plain_rows(table) or count(table))
        state.subject = ""


def _usual_fold(state: State, field: Field) -> Measure:
    """Numbers that can be added are added; prices, ages and rates are averaged, which is less sure."""
    added = is_added(english_words(state.schema.element(field.table, field.column)))
    state.doubts *= 0.95 if added else 0.7
    return Measure("sum" if added else "avg", field.table, plain(field))


def _columns(state: State) -> tuple[list[Field], list[Dimension]]:
    """What is shown as it is, and what is grouped by."""
    shown, dimensions = list(state.shown), list(state.dimensions)
    folding = bool(state.measures or state.having or (state.order and isinstance(state.order.by, Measure)))
    if not folding:
        told = {field.table for field in shown}
        shown += [
            one.field for one in dimensions if one.field not in shown and not (one.entity and one.field.table in told)
        ]
        if not shown and state.subject:
            shown = [state.display(state.subject), *_told(state)]
        return shown, []
    if state.subject and not shown and not dimensions and _needs_groups(state):
        dimensions = [Dimension(state.display(state.subject), entity=True)]
        _show_rank(state)
    _show_having(state)
    entity = _entity(state, shown)
    dimensions = [
        *(Dimension(field, entity=field.table == entity and field not in state.kinds) for field in shown),
        *(dimension for dimension in dimensions if dimension.field not in shown),
    ]
    if not state.shown and dimensions and not state.measures:
        _show_rank(state)
    return [], dimensions


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


def _told(state: State) -> list[Field]:
    """The numbers and dates that the question compares or sorts by, which the list shows beside the names."""
    fields: list[Field] = []
    for condition in state.conditions:
        for one in condition.conditions if isinstance(condition, AnyOf) else (condition,):
            if (
                isinstance(one, Condition)
                and one.compare in ("<", "<=", ">", ">=", "between")
                and one.table == state.subject
            ):
                fields += one.what.fields
    if state.order is not None and isinstance(state.order.by, Expression) and state.order.by.table == state.subject:
        fields += state.order.by.fields
    display = state.display(state.subject)
    return [field for field in dict.fromkeys(fields) if field != display]


def _ordered(state: State, dimensions: list[Dimension]) -> Order | None:
    """The order; groups by time go by time, other groups by their measure, where nothing else was said."""
    if state.order is not None or not dimensions or not state.measures:
        return state.order
    if any(dimension.grain for dimension in dimensions):
        return None
    return None


def _links(state: State) -> list[str]:
    """Tables that were named without anything of theirs being shown or compared."""
    used = {*(field.table for field in state.shown), *(one.field.table for one in state.dimensions)}
    if not used:
        used.add(state.subject)
    used |= {measure.table for measure in state.measures} | {one.measure.table for one in state.having}
    if state.order is not None and isinstance(state.order.by, Measure):
        used.add(state.order.by.table)
    used |= {exists.table for exists in state.exists}
    return [table for table in state.context if table not in used]
