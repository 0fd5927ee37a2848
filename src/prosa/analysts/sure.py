"""`SURE`: how sure the rules must be to answer without a model. Data, and light, since the settings take their default
from here."""

from __future__ import annotations

import tomllib
from importlib import resources

SURE: float = tomllib.loads(resources.files("prosa.analysts").joinpath("data/routing.toml").read_text("utf-8"))["sure"]
"""Above this confidence the rules answer by themselves: nine of ten such answers are right (docs/models.md has the
figures, and the command that gives them)."""
