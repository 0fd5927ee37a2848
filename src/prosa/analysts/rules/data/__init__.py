"""Grammar and lexicon as TOML files, one a topic, and how they are read."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def data(name: str) -> dict[str, Any]:
    """One of the files, by its name without ending. FileNotFoundError where there is none."""
    return tomllib.loads(resources.files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))
