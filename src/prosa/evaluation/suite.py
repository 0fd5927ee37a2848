"""Suites of questions: reading them from JSON or JSONL. docs/eval.md shows the format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from prosa.errors import UsageError

Required = tuple[str | int, ...]


class Turn(msgspec.Struct, frozen=True):
    """One question to ask. `golds` are the statements that answer it, any of which will do; for one that is
    `unanswerable`, asking back or refusing is right. `required` names or counts (from 0) the gold's columns that must
    be there, where not all. `ordered` is None where the gold's ORDER BY decides, `trivial` where the gold's rows do."""

    id: str
    question: str
    golds: tuple[str, ...] = ()
    unanswerable: bool = False
    ordered: bool | None = None
    required: Required = ()
    trivial: bool | None = None


class Case(msgspec.Struct, frozen=True):
    """Questions to one database that go on from each other; mostly there is one. `as_of` is the day of "today"."""

    database: Path
    turns: tuple[Turn, ...]
    as_of: date | None = None


class _Question(msgspec.Struct):
    question: str | None = None
    query: str | None = None
    gold_sql: str | None = None
    alternatives: tuple[str, ...] = ()
    ordered: bool | None = None
    required_cols: Required = ()
    gold_trivial: bool | None = None
    unanswerable: bool = False


class _Item(_Question):
    id: str | int | None = None
    database: str = ""
    as_of: date | None = None
    turns: list[dict[str, Any]] = []


def read(file: Path, root: Path, field: str = "question") -> list[Case]:
    """The cases of a suite. `root` is the folder that databases are relative to; `field` names the field that holds the
    question, and items without it are left out. UsageError with the place where something is wrong."""
    cases = [case for place, item in enumerate(_items(file), 1) if (case := _case(item, root, field, file.name, place))]
    if not cases:
        raise UsageError("eval_no_questions", file=file.name, field=field)
    return cases


def _items(file: Path) -> Sequence[Any]:
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("eval_unreadable", file=str(file)) from error
    try:
        if text.lstrip().startswith("["):
            return list(msgspec.json.decode(text, type=list[dict[str, Any]]))
        return [msgspec.json.decode(line, type=dict[str, Any]) for line in text.split("\n") if line.strip()]
    except msgspec.DecodeError as error:
        raise UsageError("eval_not_json", file=file.name, what=str(error)) from error


def _case(raw: Any, root: Path, field: str, file: str, place: int) -> Case | None:
    try:
        item = msgspec.convert(raw, _Item)
        turns = tuple(_turns(raw, item, field, str(item.id if item.id is not None else place)))
    except msgspec.ValidationError as error:
        raise UsageError("eval_item", file=file, place=place, what=str(error)) from error
    if any(not turn.golds and not turn.unanswerable for turn in turns):
        raise UsageError("eval_no_gold", file=file, place=place)
    path = root / item.database
    if turns and not (item.database and path.is_file()):
        raise UsageError("eval_database", file=file, place=place, path=str(path))
    return Case(path, turns, item.as_of) if turns else None


def _turns(raw: dict[str, Any], item: _Item, field: str, name: str) -> Iterator[Turn]:
    """An item without turns is its own only one."""
    parts = [(f"{name}#{count}", part) for count, part in enumerate(item.turns, 1)] or [(name, raw)]
    for turn, part in parts:
        if field in part:
            yield _turn(turn, part, field)


def _turn(name: str, raw: dict[str, Any], field: str) -> Turn:
    part = msgspec.convert(raw, _Question)
    gold = part.gold_sql or part.query
    return Turn(
        name,
        msgspec.convert(raw[field], str),
        (gold, *part.alternatives) if gold and not part.unanswerable else (),
        part.unanswerable,
        part.ordered,
        part.required_cols,
        part.gold_trivial,
    )
