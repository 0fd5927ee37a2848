"""A setting such as `openai:gpt-5` as a model of pydantic-ai. Keys come from the environment alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model

from prosa.analysts.llm.job import ModelChoice
from prosa.errors import ConfigError

KEYS = {
    "openai": "OPENAI_API_KEY",
    "openai-responses": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google": "GOOGLE_API_KEY",
    "ollama": "OLLAMA_API_KEY",
}
"""Each provider and the environment variable that holds its key."""

OLLAMA = "http://localhost:11434/v1"
_LOCAL = ("ollama",)
_NO_KEY = "none"


def make(choice: ModelChoice) -> Model:
    """The model. ConfigError: no such provider, no name behind it, no key, an address that is none, or the provider's
    package is missing."""
    provider, _, name = choice.name.partition(":")
    if provider not in KEYS or not name:
        raise ConfigError("model_setting", got=choice.name, known=", ".join(KEYS))
    if choice.url and not choice.url.startswith(("http://", "https://")):
        raise ConfigError("model_url")  # unsaid, because some people put a password there
    key = os.environ.get(KEYS[provider]) or (_NO_KEY if choice.url or provider in _LOCAL else "")
    if not key:
        raise ConfigError("model_no_key", provider=provider, variable=KEYS[provider])
    try:
        return _MAKERS[provider](name, key, choice.url or None)
    except ImportError as error:
        raise ConfigError("extra_missing", extra="llm") from error
    except UserError as error:
        raise ConfigError("model_setting", got=choice.name, known=", ".join(KEYS)) from error


def _openai(name: str, key: str, url: str | None) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    return OpenAIChatModel(name, provider=OpenAIProvider(base_url=url, api_key=key))


def _responses(name: str, key: str, url: str | None) -> Model:
    from pydantic_ai.models.openai import OpenAIResponsesModel
    from pydantic_ai.providers.openai import OpenAIProvider

    return OpenAIResponsesModel(name, provider=OpenAIProvider(base_url=url, api_key=key))


def _ollama(name: str, key: str, url: str | None) -> Model:
    return _openai(name, key, url or os.environ.get("OLLAMA_BASE_URL") or OLLAMA)


def _anthropic(name: str, key: str, url: str | None) -> Model:
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    return AnthropicModel(name, provider=AnthropicProvider(api_key=key, base_url=url))


def _google(name: str, key: str, url: str | None) -> Model:
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    return GoogleModel(name, provider=GoogleProvider(api_key=key, base_url=url))


_MAKERS: dict[str, Callable[[str, str, Any], Model]] = {
    "openai": _openai,
    "openai-responses": _responses,
    "ollama": _ollama,
    "anthropic": _anthropic,
    "google": _google,
}
