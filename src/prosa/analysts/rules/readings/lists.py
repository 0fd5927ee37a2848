"""Plain columns and tables: what is shown, and tables that only say where to look."""

from __future__ import annotations

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.grammar import grammar
from prosa.analysts.rules.lexicon import SAME
from prosa.analysts.rules.reading import Condition, plain
from prosa.analysts.rules.readings.state import State, field_of, is_plural
from prosa.analysts.rules.readings.totals import count
from prosa.analysts.rules.schema import CALLED, is_date

_BEING = frozenset({"is", "are", "was", "were", "been", "foi", "foram", "está", "estão", "são", "é"})


def column(state: State) -> bool:
    """`name and price of products`: a column that is shown."""
    atom = state.peek()
    if atom is None or atom.kind != "column":
        return False
    field = field_of(atom)
    state.skip()
    if state.order is not None and state.order.by == plain(field) and state.before(2) is not None and _orders(state):
        return True  # `in order of the years in which they were founded`
    if state.info(field).role == "flag" and _flagged(state, atom):
        return True
    after = state.peek()
    if after is not None and after.kind == "table" and after.start == atom.end and after.target.table != field.table:
        state.doubt("names_beside")
    if state.filtering and not _listed(state, atom):
        state.hints.append(field)
        state.doubt("hint")
        return True
    if _happens(state, atom):
        state.hints.append(field)
        return True
    if _happened(state, atom):
        state.mention(field.table)
        return True
    if field not in state.shown and not _names_rows(state, atom) and not _says_of_what(state, atom):
        if _beside_rows(state, atom):
            state.shown.append(state.display(field.table))
        state.shown.append(state.told(atom))
        # `names` alone means the whole name; `first names` is a closer link.
        if atom.score <= CALLED and atom.end - atom.start == 1:
            state.shown += [other for other in state.schema.full_name(field.table) if other not in state.shown]
    return True


_VERBS = ("ed", "ing", "ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas")


def _happens(state: State, atom: Atom) -> bool:
    """`campuses located in …`, `flights arriving at …`: a verb near a column's name says what happens, and at most by
    which key; nothing is to be shown for it."""
    if atom.score >= SAME or not atom.text.casefold().endswith(_VERBS):
        return False
    before = [one for one in state.atoms if one.end == atom.start]
    return bool(before) and (before[0].kind in ("table", "column") or before[0].text.casefold() in _BEING)


def _happened(state: State, atom: Atom) -> bool:
    """`customers who returned something`: the date of what happened elsewhere says that it did."""
    before, field = state.before(2), field_of(atom)
    told = before is not None and before.has("with") and not before.has("and")
    elsewhere = bool(state.subject) and state.subject != field.table
    return told and elsewhere and is_date(state.info(field)) and atom.text.casefold().endswith(_VERBS)


def _orders(state: State) -> bool:
    """Whether the question says an order, and nothing else to show since."""
    place = state.place - 1
    last = max(
        (number for number, atom in enumerate(state.loud[:place]) if atom.has("order", "asc", "desc")), default=-1
    )
    return last >= 0 and not any(atom.has("open", "comma", "their") for atom in state.loud[last:place])


def _says_of_what(state: State, atom: Atom) -> bool:
    """`highest enrollment across all schools`: behind a number, a column of names says what it was counted over."""
    before = state.before(2)
    return (
        bool(state.measures)
        and before is not None
        and before.has("in", "of")
        and state.info(field_of(atom)).role in ("name", "id")
    )


def _names_rows(state: State, atom: Atom) -> bool:
    """`positions of the players`: behind another column of its table, the column that names the rows only says of
    what."""
    field = field_of(atom)
    before = [one for one in state.loud if one.end <= atom.start][-2:]
    if len(before) < 2 or not before[1].has("of", "in") or not state.shown:
        return False
    named = state.info(field).role == "name" or state.display(field.table) == field
    if named and before[0].kind == "table" and before[1].has("of") and before[0].target.table != field.table:
        state.mention(field.table)  # `languages of the countries of players`
        return True
    return named and before[0].kind == "column" and field_of(before[0]).table == field.table


def _beside_rows(state: State, atom: Atom) -> bool:
    """`products and prices`: the rows that were just named are shown with the column."""
    before = [one for one in state.loud if one.end <= atom.start][-2:]
    if len(before) < 2 or before[0].kind != "table" or not before[1].has("and") or state.shown or state.measures:
        return False
    return before[0].target.table == state.subject == atom.target.table and state.display(state.subject) != field_of(
        atom
    )


def _listed(state: State, atom: Atom) -> bool:
    """Whether a column in the narrowing part still belongs to what is shown: `…, and their names`."""
    before = [one for one in state.loud if one.end <= atom.start]
    return bool(before) and before[-1].has("open", "comma", "and", "their") and not state.alternative


def _flagged(state: State, atom: Atom) -> bool:
    """`organic products`, `which customers are members`: a yes-or-no column narrows down to yes."""
    field = field_of(atom)
    yes = state.yes(field)
    if yes is None:
        return False
    state.mention(field.table)
    if not state.subject and not state.shown and not state.measures:
        state.subject = field.table
        state.plural = True
    filtering = state.filtering
    state.condition(Condition(plain(field), "=", (yes,)))
    state.filtering = filtering
    return True


def all_columns(state: State) -> bool:
    """`all information about customers`, `todos os dados dos clientes`: every column of a table."""
    atom = state.peek()
    if atom is None or not atom.has("everything"):
        return False
    ahead = state.passes("of", "in", "group", ahead=1)
    after = state.peek(ahead)
    while after is not None and after.kind == "value" and after.target.table:
        after = state.peek(ahead := ahead + 1)
    if after is None or after.kind not in ("table", "value") or state.shown or state.subject:
        return False
    ahead = state.passes("of", "in", "group", ahead=1)
    state.skip(ahead)
    state.everything = True
    return True


def with_theirs(state: State) -> bool:
    """`with their names`, `com seus preços`: more that is shown."""
    atom = state.peek()
    after = state.peek(1)
    if atom is None or after is None or not atom.has("their") or after.kind not in ("column", "measure", "table"):
        return False
    state.skip()
    state.filtering = False
    if state.subject and not state.shown and not state.measures:
        state.shown.append(state.display(state.subject))
    return True


def table(state: State) -> bool:
    """`customers`: what the question is about, or a table that rows must have a partner in."""
    atom = state.peek()
    if atom is None or atom.kind != "table":
        return False
    after = state.peek(1)
    state.skip()
    name = atom.target.table
    if state.lacking and state.exists[-1].negated and _right_behind_a_table(state, atom):
        return True  # `not assigned to repair machines` denies both
    state.mention(name)
    if after is not None and after.kind in ("table", "column") and after.start == atom.end:
        if after.target.table != name:
            state.doubt("names_beside")
        return True
    if _listed(state, atom) and not state.filtering and state.measures:
        state.measures.append(state.named.of_plain_rows(name) or count(name))
    elif _listed(state, atom) and not state.filtering and (state.shown or state.subject):
        _also(state, name)
    elif not state.subject and not state.shown and _asks_for_rows(state):
        state.subject = name
        state.plural = is_plural(atom)
    return True


def _right_behind_a_table(state: State, atom: Atom) -> bool:
    return any(one.kind == "table" and one.end == atom.start for one in state.loud)


def _asks_for_rows(state: State) -> bool:
    """Whether a table at this place is what the question asks for: nothing came before it but a ranking."""
    if state.spoken or state.direction:
        return True
    return not state.filtering and not state.measures


def _also(state: State, table: str) -> None:
    """`singers and their songs`: the rows of both are shown."""
    if not state.shown:
        state.shown.append(state.display(state.subject))
        state.side_by_side = [state.subject]
    elif not state.subject:
        state.doubt("also_what")
    state.side_by_side.append(table)
    if not any(field.table == table for field in state.shown):
        state.shown.append(state.display(table))


def chart(state: State) -> bool:
    """`as a pie chart`, `gráfico de barras`: how the answer is drawn, not what it is."""
    atom = state.peek()
    if atom is None or not atom.has("chart"):
        return False
    state.skip()
    kinds = {**grammar("en").charts, **grammar("pt").charts}
    state.chart = next((kinds[word] for word in atom.text.split() if word in kinds), "chart")
    return True


def distinct(state: State) -> bool:
    """`different cities`, `cidades distintas`."""
    atom, after = state.peek(), state.peek(1)
    of_rows = after is not None and after.kind in ("table", "column")
    if atom is None or not (atom.has("distinct") or (atom.has("ne") and of_rows)):
        return False
    state.skip()
    state.distinct = True
    return True
