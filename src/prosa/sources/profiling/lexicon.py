"""The words in names that tell what a column is or points at: `names.toml`, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

_ENDINGS = (
    ("ies", "y"), ("oes", "ao"), ("aes", "ao"), ("ais", "al"), ("eis", "el"), ("ois", "ol"), ("ns", "m"), ("res", "r"),
    ("zes", "z"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("ses", "s"), ("s", ""),
)  # fmt: skip
_IRREGULAR = {
    "people": "person",
    "children": "child",
    "men": "man",
    "women": "woman",
    "data": "data",
    "status": "status",
}


def has(parts: list[str], role: str) -> bool:
    """Whether one of a name's words tells that role."""
    return not _words("roles", role).isdisjoint(parts)


def is_mark(word: str) -> bool:
    """Whether a word only says that the column is a key."""
    return word in _words("keys", "marks")


def is_prefix(word: str) -> bool:
    """Whether a word at the start of a table's name says nothing."""
    return word in _words("keys", "prefixes")


def points_at_own(parts: list[str]) -> bool:
    """Whether a column's name speaks of another row of the same table."""
    return not _words("keys", "own").isdisjoint(parts)


@cache
def flag_pairs() -> frozenset[frozenset[str]]:
    """The pairs of texts that mean yes and no."""
    return frozenset(frozenset(pair) for pair in _data()["flags"]["values"])


@cache
def singulars(word: str) -> frozenset[str]:
    """The forms that a word may have in the singular, English or Portuguese; itself among them."""
    found = {word, _IRREGULAR.get(word, word)}
    if len(word) > 3 and word not in _IRREGULAR:
        found.update(word.removesuffix(end) + other for end, other in _ENDINGS if word.endswith(end))
    return frozenset(found)


@cache
def _words(section: str, name: str) -> frozenset[str]:
    return frozenset(_data()[section][name])


@cache
def _data() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files(__package__).joinpath("names.toml").read_text("utf-8"))
