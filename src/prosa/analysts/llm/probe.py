"""One small request that shows whether a model can be asked at all."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

from pydantic_ai import ModelRequest, ToolCallPart, ToolDefinition
from pydantic_ai.direct import model_request
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings

from prosa.analysts.llm import models
from prosa.analysts.llm.calling import ours
from prosa.analysts.llm.job import ModelChoice
from prosa.analysts.llm.prompts import prompt

_TOKENS = 200
_TOOL = ToolDefinition(
    name="ready",
    description="Says that you can call tools.",
    parameters_json_schema={"type": "object", "properties": {"ready": {"type": "boolean"}}, "required": ["ready"]},
)


class Probe(NamedTuple):
    """What the model did: whether it called the tool that it was offered, and how many tokens that took."""

    calls_tools: bool
    tokens: int


async def probe(choice: ModelChoice, seconds: float) -> Probe:
    """Asks the model once, without a second try. ConfigError, ModelError."""
    model = models.make(choice)
    _once(model)
    with ours():
        async with asyncio.timeout(seconds), model:
            answer = await model_request(
                model,
                [ModelRequest.user_text_prompt(prompt("ready"))],
                model_settings=ModelSettings(max_tokens=_TOKENS, timeout=seconds),
                model_request_parameters=ModelRequestParameters(function_tools=[_TOOL]),
            )
    calls = any(isinstance(part, ToolCallPart) for part in answer.parts)
    return Probe(calls, answer.usage.input_tokens + answer.usage.output_tokens)


def _once(model: Model) -> None:
    """A provider's client that waits and tries again would hide what is wrong."""
    client: Any = getattr(model, "client", None)
    if hasattr(client, "max_retries"):
        client.max_retries = 0
