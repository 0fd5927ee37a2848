"""What was done to rows, told by a date that only some have: `cancelled subscriptions`, `entregas não pagas`."""

from __future__ import annotations

from prosa.analysts.rules.atoms import Atom
from prosa.analysts.rules.reading import Condition, Measure, plain
from prosa.analysts.rules.readings.state import State, field_of
from prosa.analysts.rules.schema import is_date
from prosa.analysts.rules.words import fold

_NEW = frozenset({"new", "novo", "nova", "novos", "novas"})
_PARTICIPLES = (
    "ed", "paid", "sent", "sold", "ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas", "pago", "paga", "pagos",
    "pagas", "entregue", "entregues",
)  # fmt: skip

_NOUNS = ("mentos", "tions")
_ENDINGS = (*_PARTICIPLES, *_NOUNS)


def done(state: State) -> bool:
    """`cancelled subscriptions`, `quantas assinaturas foram canceladas`: the rows that have the date, or with a `not`
    those that have none."""
    first, denied = state.peek(), 0
    if first is not None and first.has("not"):
        denied = state.passes("not", "be")
    atom = state.peek(denied)
    if atom is not None and not denied and _is_done(state, atom, _NOUNS) and state.before() is None:
        state.measures.append(Measure("count", atom.target.table))  # `cancellations by month`
    if atom is None or not _is_done(state, atom, _ENDINGS) or not _beside_its_rows(state, atom, denied):
        return False
    field = field_of(atom)
    state.skip(denied + 1)
    state.mention(field.table)
    state.doubt("hint")
    if denied:
        state.conditions.append(Condition(plain(field), "null"))
    else:
        state.done = field
    return True


def new_ones(state: State) -> bool:
    """`new customers in 2025`, `clientes novos por mês`: those whose date is in that time."""
    atom = state.peek()
    if atom is None or atom.kind != "unknown" or fold(atom.text) not in _NEW:
        return False
    around = [one for one in (state.before(), state.peek(1)) if one is not None and one.kind == "table"]
    dated = any(state.schema.dates(one.target.table) for one in around)
    if not dated or not any(one.kind == "period" for one in state.loud):
        return False
    state.skip()
    return True


def _is_done(state: State, atom: Atom, endings: tuple[str, ...]) -> bool:
    """Whether a word has one of these endings and its column a date that some rows lack."""
    if atom.kind != "column" or atom.end - atom.start != 1 or not atom.text.casefold().endswith(endings):
        return False
    info = state.info(field_of(atom))
    return is_date(info) and info.nulls > 0


def _beside_its_rows(state: State, atom: Atom, ahead: int) -> bool:
    """Whether the rows are named right before or behind, or are those that are counted."""
    around = [one for one in (state.peek(ahead + 1), state.before()) if one is not None]
    if any(one.kind == "table" and one.target.table == atom.target.table for one in around):
        return True
    return any(one.fold == "count" and one.table == atom.target.table for one in state.measures)


def keep_done(state: State) -> None:
    """Leaves out the rows to which it was not done, unless a period of that date does so anyway."""
    if state.done is not None and all(one.field != state.done or one.negated for one in state.periods):
        state.conditions.append(Condition(plain(state.done), "null", negated=True))
