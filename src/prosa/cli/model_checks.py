"""Whether the language model of the settings can be asked: set up as it must be, reached, let in, and of use.

Each check is a function in `CHECKS`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import urlsplit, urlunsplit

from prosa.analysts.llm.job import ModelChoice
from prosa.cli.finding import Finding
from prosa.config import Settings
from prosa.errors import ConfigError, ModelError

SECONDS = 30.0
"""How long the model may take for one word; a local one may have to be loaded first."""

Check: TypeAlias = Callable[[Settings], Finding]


def set_up(settings: Settings) -> Finding:
    """Whether the setting names a model whose key and package are there. Nothing is sent."""
    try:
        from prosa.analysts.llm import models
    except ImportError:
        return Finding(False, error=ConfigError("extra_missing", extra="llm"))
    try:
        model = models.make(_choice(settings))
    except ConfigError as error:
        return Finding(False, error=error)
    return Finding(True, "model_set_up", {"model": settings.model, "place": _shown(model.base_url or "")})


def answers(settings: Settings) -> Finding:
    """Whether one small request is answered, and by a call of the tool that it offers."""
    from prosa.analysts.llm.probe import probe

    try:
        found = asyncio.run(probe(_choice(settings), min(SECONDS, settings.model_time)))
    except (ModelError, ConfigError) as error:
        return Finding(False, error=error)
    if not found.calls_tools:
        return Finding(False, "model_no_tools", {"model": settings.model})
    return Finding(True, "model_answers", {"model": settings.model, "tokens": found.tokens})


def _choice(settings: Settings) -> ModelChoice:
    return ModelChoice(settings.model, settings.model_url)


def _shown(url: str) -> str:
    """The address without a name and a password, which some people put there."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=""))


CHECKS: tuple[Check, ...] = (set_up, answers)
