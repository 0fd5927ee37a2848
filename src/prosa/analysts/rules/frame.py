"""Which tables a reading needs, how they are joined, and which conditions stand apart so that no row counts twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import msgspec

from prosa.analysts.rules.joins import Edge, Step, Tree, grain, rooted
from prosa.analysts.rules.reading import AnyOf, Condition, Exists, Expression, Field, Measure, Period, Reading
from prosa.analysts.rules.schema import Schema

Narrowing = Condition | AnyOf | Period


class Unanswerable(Exception):
    """The data can't give what the reading asks for; `reason` is a key of `locales/*/refusals.toml`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Apart(msgspec.Struct, frozen=True):
    """Conditions on rows that would multiply those at hand: there must be such rows (or none), reached by `step`."""

    step: Step
    tree: Tree
    conditions: tuple[Narrowing, ...]
    negated: bool = False


class Frame(msgspec.Struct, frozen=True):
    """`tree` joins everything that is shown, folded or compared directly; `optional` steps keep rows without a partner.
    `multiplied` are counted tables whose rows the tree repeats; `repeated` says that a sum would count rows twice,
    which are told apart by `counted`."""

    tree: Tree
    conditions: tuple[Narrowing, ...]
    apart: tuple[Apart, ...]
    multiplied: frozenset[str]
    repeated: bool
    counted: tuple[Field, ...]
    optional: frozenset[Step]


def frame(reading: Reading, schema: Schema) -> Frame:
    """The frame of a reading. Unanswerable where tables don't hang together or every way would count rows twice."""
    needed = list(dict.fromkeys(_needed(reading)))
    edges = _connected(needed, reading, schema)
    few = _few(reading, needed)
    tree = rooted(few, edges) if few else _rooted(needed, edges)
    narrowing: list[Narrowing] = [*reading.conditions, *reading.periods]
    tree, inside, outside = _split(tree, narrowing, schema, reading)
    # A table that each row has its partner in anyway (an order's customer) was named in passing.
    links = [table for table in reading.links if table not in tree.tables and not _leads_to_one(tree, table, schema)]
    apart = _apart(tree, outside, links, schema, reading)
    apart += [_absent(tree, exists, schema, reading) for exists in reading.exists]
    optional = frozenset(tree.steps) if few else frozenset()
    multiplied = frozenset() if few else _multiplied(tree, reading, schema)
    counted, repeated = _repeated(tree, reading, schema)
    return Frame(tree, tuple(inside), tuple(apart), multiplied, repeated, counted, optional)


def _needed(reading: Reading) -> Iterable[str]:
    for measure in _measures(reading):
        yield measure.table
        yield from _tables(measure.expression)
        for part in (measure.top, measure.bottom):
            if part is not None:
                yield from _tables(part.expression)
    yield from (field.table for field in reading.shown)
    yield from (one.field.table for one in reading.dimensions)
    if reading.order is not None and isinstance(reading.order.by, Expression):
        yield from _tables(reading.order.by)


def _measures(reading: Reading) -> list[Measure]:
    if reading.groups_counted:
        return [one.measure for one in reading.having]
    ranked = [reading.order.by] if reading.order is not None and isinstance(reading.order.by, Measure) else []
    return [*reading.measures, *(one.measure for one in reading.having), *ranked]


def _tables(expression: Expression | None) -> Iterable[str]:
    return (field.table for field in expression.fields) if expression else ()


def _connected(tables: Sequence[str], reading: Reading, schema: Schema) -> tuple[Edge, ...]:
    edges = schema.joins.connect(tables, _preferred(reading, schema), reading.favoured)
    if edges is None:
        raise Unanswerable("not_joined")
    return edges


def doubtful(edges: Iterable[Edge], reading: Reading, schema: Schema) -> int:
    """How many joins could as well go by another foreign key between the same tables, with nothing to tell which."""
    preferred = _preferred(reading, schema)
    walked = list(dict.fromkeys(edges))
    parallel = sum(len(schema.joins.edges(edge.many, edge.one)) > 1 and edge not in preferred for edge in walked)
    return parallel + sum(_other_bridge(one, other, reading, schema) for one, other in combinations(walked, 2))


def _other_bridge(one: Edge, other: Edge, reading: Reading, schema: Schema) -> bool:
    """Whether two joins meet in a table that the question does not name, while another table joins the same two."""
    shared = {one.many, one.one} & {other.many, other.one}
    if len(shared) != 1:
        return False
    bridge = shared.pop()
    named = {
        *_needed(reading),
        *reading.links,
        *reading.favoured,
        *(table for part in reading.conditions for table in _of(part)),
    }
    if bridge in named:
        return False
    others = schema.joins.bridges(one.other(bridge), other.other(bridge)) - {bridge}
    return bool(others)


def _preferred(reading: Reading, schema: Schema) -> list[Edge]:
    """The foreign keys whose column the question names."""
    named = [*reading.hints, *reading.shown, *(one.field for one in reading.dimensions)]
    for one in reading.conditions:
        parts = one.conditions if isinstance(one, AnyOf) else (one,)
        named += [field for part in parts if isinstance(part, Condition) for field in part.what.fields]
    hinted = dict.fromkeys((field.table, field.column) for field in named)
    return [
        edge
        for table, column in hinted
        for edge in schema.joins.of(table)
        if edge.many == table and column in edge.many_columns
    ]


def _rooted(needed: Sequence[str], edges: Sequence[Edge]) -> Tree:
    tree = grain(needed, edges)
    # Two tables that each have many rows for the other: any join would multiply both.
    if tree is None:
        raise Unanswerable("fans_out")
    return tree


def _split(
    tree: Tree, narrowing: Sequence[Narrowing], schema: Schema, reading: Reading
) -> tuple[Tree, list[Narrowing], list[Narrowing]]:
    """The tree grown by tables that bring one row each, the conditions inside it, and those outside."""
    inside: list[Narrowing] = []
    outside: list[Narrowing] = []
    for one in narrowing:
        grown: Tree | None = tree
        for table in _of(one):
            grown = _grown(grown, table, schema, reading) if grown is not None else None
        if grown is None:
            outside.append(one)
        else:
            tree = grown
            inside.append(one)
    if any(_contradict(one, other) or _all_of_one(one, reading) for one in inside for other in inside):
        raise Unanswerable("contradiction")
    if any(_excludes(one, other) for one in inside for other in inside):
        raise Unanswerable("exclusion")
    return tree, inside, outside


def _all_of_one(one: Narrowing, reading: Reading) -> bool:
    """Whether one row would have to have several values, since both were asked for: `held in 2011 and 2013`."""
    return isinstance(one, Condition) and one.both and one.compare == "in" and not reading.measures


def _excludes(one: Narrowing, other: Narrowing) -> bool:
    """Whether a denied value says something about the rows with another value: `taught in 2009 but not in 2010`."""
    if not isinstance(one, Condition) or not isinstance(other, Condition) or one.what != other.what:
        return False
    equal = one.compare in ("=", "in") and other.compare in ("=", "in")
    return equal and not one.negated and other.negated


def fields(narrowing: Narrowing) -> list[Field]:
    """The columns that a condition is about."""
    if isinstance(narrowing, Period):
        return [narrowing.field]
    if isinstance(narrowing, AnyOf):
        return [field for part in narrowing.conditions for field in fields(part)]
    return list(narrowing.what.fields)


def _of(narrowing: Narrowing) -> list[str]:
    return list(dict.fromkeys(field.table for field in fields(narrowing)))


def _grown(tree: Tree, table: str, schema: Schema, reading: Reading) -> Tree | None:
    """The tree with one more table, where that repeats no row; None where it would."""
    if table in tree.tables:
        return tree
    edges = schema.joins.connect(
        [*tree.tables, table], [*(step.edge for step in tree.steps), *_preferred(reading, schema)]
    )
    if edges is None:
        return None
    more = [edge for edge in edges if edge not in {step.edge for step in tree.steps} and not _inside(tree, edge)]
    grown = rooted(tree.root, [*(step.edge for step in tree.steps), *more])
    return None if grown.fans_out else grown


def _inside(tree: Tree, edge: Edge) -> bool:
    return edge.many in tree.tables and edge.one in tree.tables


def _leads_to_one(tree: Tree, table: str, schema: Schema) -> bool:
    """Whether every row at hand has its row of the table anyway, so that naming it narrows nothing down."""
    grown = _grown(tree, table, schema, Reading())
    return grown is not None and all(step.far == step.edge.one for step in grown.steps if step not in tree.steps)


def _apart(
    tree: Tree, outside: Sequence[Narrowing], links: Sequence[str], schema: Schema, reading: Reading
) -> list[Apart]:
    """Conditions and named tables outside the tree, together where they are on the same branch."""
    wanted = list(dict.fromkeys([*links, *(table for one in outside for table in _of(one))]))
    if not wanted:
        return []
    anchor = _anchor(tree, wanted[0], schema, reading)
    edges = schema.joins.connect([anchor, *wanted], _preferred(reading, schema), reading.favoured)
    if edges is None:
        raise Unanswerable("not_joined")
    whole = rooted(anchor, edges)
    result = []
    for step in whole.steps:
        if step.near == anchor:
            branch = _branch(step, whole)
            here = [one for one in outside if set(_of(one)) <= set(branch.tables)]
            absent = [one for one in here if _denies(one, links)]
            met = [one for one in here if one not in absent]
            if met or not absent:
                result += [Apart(step, branch, tuple(some)) for some in _each(met)]
            result += [Apart(step, branch, (_affirmed(one),), negated=True) for one in absent]
    reached = {table for apart in result for table in apart.tree.tables}
    if any(not set(_of(one)) <= reached for one in outside):
        raise Unanswerable("not_joined")
    return result


def _denies(one: Narrowing, links: Sequence[str]) -> bool:
    """Whether a negated value means that there is no such row: `patients not using aspirin`, unless the rows were named
    for themselves: `pets that are not dogs`."""
    if isinstance(one, AnyOf) or (isinstance(one, Condition) and one.compare not in ("=", "in")):
        return False
    return one.negated and not set(_of(one)).intersection(links)


def _affirmed(one: Narrowing) -> Narrowing:
    assert not isinstance(one, AnyOf)
    return msgspec.structs.replace(one, negated=False)


def _each(conditions: list[Narrowing]) -> list[list[Narrowing]]:
    """One set of conditions; several where one row can't meet all of them: `a dog and a cat` are two pets."""
    for one in conditions:
        others = [other for other in conditions if other is not one]
        if isinstance(one, Condition) and one.all_of:
            single = [Condition(one.what, "=", (value,)) for value in one.values]
            return [[*some, part] for part in single for some in _each(others)]
    for one in conditions:
        twins = [other for other in conditions if _contradict(one, other)]
        if twins:
            others = [other for other in conditions if other is not one and other not in twins]
            return [[*others, part] for part in (one, *twins)]
    return [conditions]


def _contradict(one: Narrowing, other: Narrowing) -> bool:
    """Whether no row can meet both: two values for one column, or two periods."""
    if isinstance(one, Period) and isinstance(other, Period) and one.field == other.field and one is not other:
        if one.negated or other.negated:
            return False
        return bool((one.end and one.end <= other.start) or (other.end and other.end <= one.start))
    if one is other or not isinstance(one, Condition) or not isinstance(other, Condition):
        return False
    if one.what != other.what or one.negated or other.negated or one.grain != other.grain:
        return False
    if one.compare == other.compare == "=":
        return one.values != other.values
    above, below = one.compare in (">", ">="), other.compare in ("<", "<=")
    return above and below and bool(one.values) and bool(other.values) and one.values[0] > other.values[0]


def _branch(step: Step, whole: Tree) -> Tree:
    """The part of a tree that hangs on one step, as a tree of its own."""
    inside, steps = {step.far}, []
    for other in whole.steps:
        if other.near in inside:
            inside.add(other.far)
            steps.append(other)
    return Tree(step.far, tuple(steps))


def _anchor(tree: Tree, table: str, schema: Schema, reading: Reading) -> str:
    """The table of the tree that is nearest to one outside; the one whose rows are asked for, where several are."""
    asked = [reading.subject, *(one.table for one in _measures(reading)), tree.root]

    def rank(name: str) -> tuple[float, int]:
        way = schema.joins.distance(name, table)
        return (way if way is not None else 1e9, asked.index(name) if name in asked else len(asked))

    return min(tree.tables, key=rank)


def _absent(tree: Tree, exists: Exists, schema: Schema, reading: Reading) -> Apart:
    anchor = _anchor(tree, exists.table, schema, reading)
    further = [table for one in exists.conditions for table in _of(one)]
    edges = schema.joins.connect([anchor, exists.table, *further], _preferred(reading, schema), reading.favoured)
    if not edges:
        raise Unanswerable("not_joined")
    whole = rooted(anchor, edges)
    first = whole.steps[0]
    branch = _branch(first, whole)
    if not {exists.table, *further}.issubset(branch.tables):
        raise Unanswerable("not_joined")
    return Apart(first, branch, exists.conditions, exists.negated)


def _multiplied(tree: Tree, reading: Reading, schema: Schema) -> frozenset[str]:
    """The counted tables whose rows the tree repeats; their key tells the rows apart."""
    found = set()
    for measure in _measures(reading):
        if measure.fold == "count" and measure.table != tree.root and not _one_to_one(tree, measure.table):
            if len(schema.table(measure.table).primary_key) != 1:
                raise Unanswerable("fans_out")
            found.add(measure.table)
    return frozenset(found)


def _one_to_one(tree: Tree, table: str) -> bool:
    """Whether each row of the root has its own row of the table."""
    way = {step.far: step for step in tree.steps}
    while table != tree.root:
        step = way[table]
        if not step.edge.single:
            return False
        table = step.near
    return True


def _repeated(tree: Tree, reading: Reading, schema: Schema) -> tuple[tuple[Field, ...], bool]:
    """Whether sums and averages need each row once, and the key of those rows."""
    folds = [one for one in _measures(reading) if one.fold in ("sum", "avg", "ratio")]
    tables = {one.table for one in folds if one.table != tree.root and not _one_to_one(tree, one.table)}
    if not tables:
        return (), False
    table = next(iter(tables))
    key = schema.table(table).primary_key
    simple = all(one.table == table and one.fold in ("sum", "avg", "count") for one in _measures(reading))
    if len(tables) > 1 or not key or not simple or reading.having:
        raise Unanswerable("fans_out")
    return tuple(Field(table, name) for name in key), True


def _few(reading: Reading, tables: Sequence[str]) -> str:
    """The table whose rows count although they have no partner: `customers with fewer than two orders` have none, too.
    Empty where rows without a partner don't belong to the answer."""
    groups = {one.field.table for one in reading.dimensions if one.entity}
    if len(groups) != 1 or len(groups) != len({one.field.table for one in reading.dimensions}) or len(set(tables)) != 2:
        return ""
    if reading.conditions or reading.periods or reading.links or any(one.fold != "count" for one in _measures(reading)):
        return ""
    order = reading.order
    fewest = order is not None and isinstance(order.by, Measure) and not order.descending and reading.limit is not None
    below = any(one.compare in ("<", "<=") for one in reading.having)
    return groups.pop() if (fewest or below) and not reading.groups_counted else ""
