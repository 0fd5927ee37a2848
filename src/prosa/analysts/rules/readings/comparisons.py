"""Comparisons: numbers and dates of columns, of groups, and amounts whose column goes unsaid."""

from __future__ import annotations

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.periods import Span
from prosa.analysts.rules.reading import Condition, Expression, Field, Having, Measure, plain
from prosa.analysts.rules.readings.adjectives import compared_for
from prosa.analysts.rules.readings.calendar import is_dated
from prosa.analysts.rules.readings.comparing import OPERATORS, Comparison, comparison
from prosa.analysts.rules.readings.state import State, field_of
from prosa.analysts.rules.readings.totals import count
from prosa.analysts.rules.weekdays import Weekdays

_SMALL = ("be", "with", "of")


def averages(state: State) -> bool:
    """`above the average age`, `acima da média de preço`: the column may come after the average."""
    found = comparison(state)
    if found is None:
        return _above_average_of(state)
    if not found.average:
        return False
    ahead = state.passes("of", "in", ahead=found.length)
    target = state.peek(ahead)
    if target is not None and target.kind == "table" and state.hints and state.hints[-1].table == target.target.table:
        field = state.hints[-1]
        ahead = found.length - 1
    elif target is None or target.kind != "column" or not state.numeric(field_of(target)):
        return False
    else:
        field = field_of(target)
    state.skip(ahead + 1)
    _drop_same(state, field)
    _compare(state, plain(field), found)
    return True


def _above_average_of(state: State) -> bool:
    """`acima do preço médio`: the average stands behind its column."""
    atom = state.peek()
    ahead = state.passes("of", ahead=1)
    target, fold = state.peek(ahead), state.peek(ahead + 1)
    sign = next((sign for name, sign in OPERATORS.items() if atom is not None and atom.has(name)), "")
    if not sign or target is None or fold is None or target.kind != "column" or not fold.has("avg"):
        return False
    if not state.numeric(field_of(target)):
        return False
    state.skip(ahead + 2)
    state.condition(Condition(plain(field_of(target)), sign, against="avg"))  # type: ignore[arg-type]
    return True


def _drop_same(state: State, field: Field) -> None:
    """`age above the average age` names its column twice."""
    if state.hints and state.hints[-1] == field:
        state.hints.pop()
        state.trust("hint")


def compared_group(state: State) -> bool:
    """`with more than 5 orders`, `that have at least two models`: groups, by how many rows they have."""
    found = comparison(state, bare=_has_them(state))
    if found is None or found.average:
        return False
    target = state.peek(state.passes("of", "distinct", ahead=found.length))
    if target is None or target.kind not in ("table", "measure", "column"):
        return False
    measure = _grouped_measure(state, target)
    if measure is None:
        return False
    state.skip(state.passes("of", "distinct", ahead=found.length) + 1)
    state.mention(measure.table)
    state.keep(Having(measure, found.compare, found.values))
    return True


def so_often(state: State) -> bool:
    """`visited at least twice`, `mais de 3 vezes`: how many rows there are of what was said to happen."""
    found = comparison(state, bare=True)
    if found is None or found.average:
        return False
    times = state.peek(found.length)
    if times is None or not times.has("times"):
        return False
    table = _happening(state)
    if not table:
        return False
    state.skip(found.length + 1)
    state.keep(Having(count(table), found.compare, found.values))
    return True


def _happening(state: State) -> str:
    """The table whose rows are occasions of what is asked for: one that the question resembles, else the only one that
    points at it."""
    own = state.subject or (state.shown[0].table if state.shown else "")
    if not own:
        return ""
    if any(field != state.display(own) and field.column not in state.table(own).primary_key for field in state.shown):
        state.kinds += [field for field in state.shown if field.table == own]
        return own
    near = [edge.many for edge in state.schema.joins.of(own) if edge.one == own]
    hinted = [table for table in state.favoured if table in near] or near
    if len(set(hinted)) != 1:
        state.doubt("occasions_unsaid")
    return hinted[0] if hinted else ""


def _has_them(state: State) -> bool:
    before = state.before()
    return before is not None and before.has("with") and bool(state.subject or state.shown)


def _grouped_measure(state: State, target: Atom) -> Measure | None:
    if target.kind == "measure":
        counted = state.named.counts_rows(target.text)
        return state.named.counted(target.target) if counted else state.named.folded(target.target, "sum")
    if target.kind == "table":
        return None if _names_itself(state, target.target.table) else count(target.target.table)
    field = field_of(target)
    tables = {state.subject, *(field.table for field in state.shown)} - {""}
    if state.numeric(field) or field.table in tables or not tables:
        return None
    return Measure("distinct", field.table, plain(field))


def _names_itself(state: State, table: str) -> bool:
    """Whether counting a table's rows would count each row of what is shown once; its kinds can be counted."""
    if table == state.subject:
        return True
    shown = [field for field in state.shown if field.table == table]
    state.kinds += [
        field for field in shown if field != state.display(table) and field.column not in state.table(table).primary_key
    ]
    return any(field not in state.kinds for field in shown)


def compared_column(state: State) -> bool:
    """`price over 50`, `age between 20 and 30`, `more than 4 cylinders`, `year 2014`, `average price above 10`."""
    atom = state.peek()
    if atom is None:
        return False
    if atom.kind == "column" and _comparable(state, atom):
        found = comparison(state, 1, bare=True)
        if found is None:
            return _negated_equality(state, atom)
        if _counts_next(state, found) or _key_by_size(state, atom, found) or _flag_by_size(state, atom, found):
            return False
        state.skip(found.length)
        _compare(state, plain(field_of(atom)), _with_others(state, found))
        return True
    found = comparison(state, bare=True)
    if found is None or found.average:
        return False
    ahead = found.length if atom.kind == "number" else state.passes("of", "in", ahead=found.length)
    target = state.peek(ahead)
    if target is None or target.kind != "column" or not state.numeric(field_of(target)):
        return False
    state.skip(ahead + 1)
    _compare(state, plain(field_of(target)), found)
    return True


def _key_by_size(state: State, atom: Atom, found: Comparison) -> bool:
    """Whether a key would be compared by size, which only numbers mean: `countries with at least one maker`."""
    field = field_of(atom)
    return found.compare not in ("=", "!=", "between") and state.schema.points(field.table, field.column)


def _flag_by_size(state: State, atom: Atom, found: Comparison) -> bool:
    """Whether a yes-or-no column would be compared like an amount: `produtos orgânicos abaixo de 30`."""
    return state.info(field_of(atom)).role == "flag" and not {*found.values} <= {0, 1}


def _with_others(state: State, found: Comparison) -> Comparison:
    """`1948 or 1949`: the numbers that follow an equal one."""
    values = list(found.values)
    while found.compare == "=" and (after := state.peek()) is not None and after.has("or", "comma"):
        more = state.peek(state.passes("or", "comma", "in", "be"))
        if more is None or more.kind != "number":
            break
        state.skip(state.passes("or", "comma", "in", "be") + 1)
        values.append(more.value)
    return found._replace(compare="in", values=tuple(values)) if len(values) > len(found.values) else found


_THAN = {"greater": ">", "highest": ">", "smaller": "<", "lowest": "<"}


def parted(state: State) -> bool:
    """`a greater weight than 10`, `peso menor do que 10`, `menor peso que 10`: the column stands inside."""
    atom, target = state.peek(), state.peek(1)
    if atom is None or target is None or target.kind != "column" or not state.numeric(field_of(target)):
        return False
    sign = next((sign for name, sign in _THAN.items() if atom.has(name)), "")
    word, number = state.peek(2), state.peek(3)
    if not sign or word is None or number is None or not word.has("than", "with") or word.end > number.start:
        return False
    against = number.has("avg")
    if not word.has("than") and word.text not in ("que", "do que"):
        return False
    if number.kind != "number" and not against:
        return False
    state.skip(4)
    values = () if against else (number.value,)
    state.condition(Condition(plain(field_of(target)), sign, values, against="avg" if against else ""))  # type: ignore[arg-type]
    return True


def numbered(state: State) -> bool:
    """`course 301`, `pedido 12`: a row by the number that is its key."""
    atom, after = state.peek(), state.peek(1)
    if atom is None or after is None or atom.kind != "table" or after.kind != "number" or after.start > atom.end:
        return False
    keys = state.table(atom.target.table).primary_key
    if len(keys) != 1:
        return False
    state.skip(2)
    state.mention(atom.target.table)
    state.condition(Condition(plain(Field(atom.target.table, keys[0])), "=", (after.value,)))
    return True


def dated_column(state: State) -> bool:
    """`opened after 2020`, `signed up in March`: a date or year column with its period."""
    atom = state.peek()
    if atom is None or atom.kind != "column" or not is_dated(state, field_of(atom)):
        return False
    ahead = state.passes(*_SMALL, ahead=1)
    after = state.peek(ahead)
    if after is None or after.kind != "period" or not isinstance(after.value, Span | Weekdays):
        return False
    state.skip(ahead + 1)
    state.dated.append((field_of(atom), after, state.alternative))
    state.alternative = False
    state.filtering = True
    return True


def _counts_next(state: State, found: Comparison) -> bool:
    """Whether the number counts what comes after it: `airlines with at least 10 flights`."""
    last, after = state.peek(found.length - 1), state.peek(found.length)
    number = last is not None and (last.kind == "number" or last.has("or_more", "or_less") or found.values == (1,))
    if found.average or last is None or after is None or not number or after.start > last.end + 1:
        return False
    return after.kind in ("table", "measure") or (after.kind == "column" and after.start == last.end)


def _comparable(state: State, atom: Atom) -> bool:
    info = state.info(field_of(atom))
    return state.numeric(field_of(atom)) or info.role in ("id", "date") or info.type in ("date", "timestamp", "integer")


def _negated_equality(state: State, atom: Atom) -> bool:
    """`id is not 5`."""
    ahead = state.passes("be", ahead=1)
    word = state.peek(ahead)
    if word is None or not word.has("not"):
        return False
    found = comparison(state, ahead + 1, bare=True)
    if found is None:
        return False
    state.skip(found.length)
    state.negated = True
    _compare(state, plain(field_of(atom)), found)
    return True


def _compare(state: State, what: Expression, found: Comparison) -> None:
    state.condition(Condition(what, found.compare, found.values, against=found.fold))  # type: ignore[arg-type]
    after = state.peek()
    if found.average and after is not None and (after.has("of", "in", "with") or after.target.table):
        state.within = True


def compared_amount(state: State) -> bool:
    """`older than 30`, `mais caros que 100`: an adjective that names its column."""
    atom = state.peek()
    if atom is None or not atom.has("comparative"):
        return False
    table = _near_table(state)
    choice = compared_for(state, atom.text, table)
    after = state.peek(1)
    if choice is None or after is None:
        return False
    field, side = choice
    if after.has("avg"):
        state.skip(2)
        state.condition(Condition(plain(field), OPERATORS[side], against="avg"))
        return True
    if after.kind != "number":
        return False
    state.skip(2)
    state.condition(Condition(plain(field), OPERATORS[side], (after.value,)))
    return True


def _near_table(state: State) -> str:
    before = [atom for atom in state.loud[: state.place] if atom.kind in ("table", "column")]
    after = [atom for atom in state.loud[state.place :] if atom.kind in ("table", "column")]
    return before[-1].target.table if before else after[0].target.table if after else ""


def compared_number(state: State) -> bool:
    """`products under 50`, `with total sales above 1000`: what is compared stands before it or goes unsaid."""
    found = comparison(state)
    if found is None or found.average or not found.values:
        return False
    if _counts_next(state, found):
        return False
    before = state.before()
    if before is not None and before.kind == "measure" and state.named.is_verb(before.target) and state.subject:
        sold = state.named.folded(before.target, "sum")
        if sold is not None:
            state.skip(found.length)
            state.keep(Having(sold, found.compare, found.values))
            return True
    last = state.measures[-1] if state.measures else None
    if last is not None and before is not None and before.kind in ("column", "measure", "table") and state.filtering:
        state.skip(found.length)
        state.measures.pop()
        state.keep(Having(last, found.compare, found.values))
        return True
    if _worth_more(state, found):
        return True
    field = _unsaid(state)
    if field is None:
        return False
    state.skip(found.length)
    state.doubt("unsaid_column")
    _compare(state, plain(field), found)
    return True


def _worth_more(state: State, found: Comparison) -> bool:
    """`sales above 1,000`, `pedidos acima da média`: rows by what each is worth, with all that it is made of."""
    before = state.before()
    if before is None or before.kind not in ("measure", "table") or state.filtering:
        return False
    named = before.kind == "measure" and not state.named.is_verb(before.target) and len(state.measures) == 1
    measure = state.measures[-1] if named else state.named.worth(before.target.table) if _is_subject(state) else None
    if measure is None or measure.fold != "sum" or measure.name != "revenue":
        return False
    table, worth = state.named.rows(measure)
    state.skip(found.length)
    state.measures = []
    state.subject = table
    state.mention(table)
    if worth is not None:
        _compare(state, worth, found)
    else:
        state.keep(Having(measure, found.compare, found.values, against_average=found.average))
    return True


def _is_subject(state: State) -> bool:
    before = state.before()
    return before is not None and before.target.table == state.subject and not state.shown and not state.measures


def above_average(state: State) -> bool:
    """`stores with revenue below average`, `lojas com faturamento abaixo da média`, `pedidos acima da média`."""
    found = comparison(state)
    before = state.before()
    if found is None or found.fold != "avg" or before is None or before.end < _begins(state):
        return False
    if state.measures and state.filtering and before.kind in ("measure", "column", "table"):
        state.skip(found.length)
        measure = state.measures.pop()
        state.keep(Having(measure, found.compare, against_average=True))
        return True
    if before.kind == "column" and state.shown[-1:] == [field_of(before)] and state.numeric(field_of(before)):
        state.skip(found.length)
        _compare(state, plain(state.shown.pop()), found)
        return True
    if _worth_more(state, found):
        return True
    field = _unsaid(state) if before.kind == "table" else None
    if field is None:
        return False
    state.skip(found.length)
    state.doubt("unsaid_column")
    _compare(state, plain(field), found)
    return True


def _begins(state: State) -> int:
    """Where the atom at the reader's place begins, what is silent before it left out."""
    atom = state.peek()
    return atom.start - 1 if atom is not None else 0


def _unsaid(state: State) -> Field | None:
    """The one column that a bare amount can mean."""
    table = state.subject or (state.context[-1] if state.context else "")
    return state.named.unsaid(table) if table else None
