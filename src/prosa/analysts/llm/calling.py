"""One call of the model, inside the run's budget; whatever goes wrong becomes one of our errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from ssl import SSLError
from typing import TypeVar

from pydantic_ai import Agent, ModelMessage, ModelResponse, TextPart, ThinkingPart, ToolCallPart, exceptions
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RunUsage, UsageLimits

from prosa.analysts.llm.budget import Budget, timed
from prosa.analysts.llm.job import Job
from prosa.errors import ModelError
from prosa.question import Spent

T = TypeVar("T")

_NO_TEMPERATURE = ("openai_supports_reasoning", "anthropic_disallows_sampling_settings")
LONGEST_RESPONSE = 100_000
"""In characters, words and arguments together; the longest plan is some thousand."""

_CODES: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.ModelAuthenticationError, "model_key"),
    (exceptions.ModelNotFoundError, "model_unknown"),
    (exceptions.ModelQuotaExceededError, "model_quota"),
    (exceptions.ModelRateLimitError, "model_busy"),
    (exceptions.ModelUnavailableError, "model_busy"),
    (exceptions.ModelContextWindowExceededError, "model_too_much"),
    (exceptions.ModelRequestTimeout, "model_slow"),
    (exceptions.ModelTimeoutError, "model_slow"),
    (exceptions.ModelConnectionError, "model_unreachable"),
    (exceptions.ContentFilterError, "model_filtered"),
    (exceptions.UsageLimitExceeded, "model_budget"),
    (exceptions.UnexpectedModelBehavior, "model_gave_up"),
)
"""Which of our codes an error of pydantic-ai is, the first that fits."""


async def called(agent: Agent[Job, T], words: str, job: Job, budget: Budget) -> T:
    """The model's structured answer. ModelError."""
    async with spending(job.context.spent, budget) as usage:
        found = await agent.run(
            words, deps=job, usage=usage, usage_limits=limits(budget), model_settings=settings(budget, agent.model)
        )
        return found.output


def limits(budget: Budget) -> UsageLimits:
    """The budget as pydantic-ai counts it; it counts what the run has used before as well."""
    return UsageLimits(
        request_limit=budget.requests, tool_calls_limit=budget.tool_calls, total_tokens_limit=budget.tokens
    )


class Bounded(WrapperModel):
    """A model whose answers end: one of megabytes would go back to it with every further request. Streamed words are
    cut where they are gathered."""

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """The model's answer. UnexpectedModelBehavior where it is longer than any plan."""
        response = await self.wrapped.request(messages, model_settings, model_request_parameters)
        size = sum(len(part.args_as_json_str()) for part in response.parts if isinstance(part, ToolCallPart))
        size += sum(len(part.content) for part in response.parts if isinstance(part, TextPart | ThinkingPart))
        if size > LONGEST_RESPONSE:
            raise exceptions.UnexpectedModelBehavior("an answer without end")
        return response


def settings(budget: Budget, model: object) -> ModelSettings:
    """As steady as a model can be, and never waiting longer than the run may. Models that reason before they answer
    take no temperature, and the layer over them would warn of it on every call."""
    asked = ModelSettings(timeout=budget.seconds)
    profile = model.profile if isinstance(model, Model) else {}
    if not any(profile.get(name) for name in _NO_TEMPERATURE):
        asked["temperature"] = 0.0
    return asked


@asynccontextmanager
async def spending(spent: Spent, budget: Budget) -> AsyncIterator[RunUsage]:
    """The run's usage so far, to go on counting with; what was used inside is kept also when it fails. ModelError."""
    begun = RunUsage(requests=spent.requests, tool_calls=spent.tool_calls, input_tokens=spent.tokens)
    usage = replace(begun)
    try:
        with ours():
            async with asyncio.timeout(budget.left(spent)):
                with timed(spent):
                    yield usage
    finally:
        _keep(usage - begun, spent)


@contextmanager
def ours() -> Iterator[None]:
    """Errors of the model layer as ours. ModelError."""
    try:
        yield
    except TimeoutError as error:
        raise ModelError("model_slow") from error
    except exceptions.AgentRunError as error:
        raise ModelError(code_of(error), what=_what(error)) from error


def code_of(error: BaseException) -> str:
    """Our code for an error of the model layer."""
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "model_failed")
    return (
        "model_tls"
        if code == "model_unreachable" and any(isinstance(one, SSLError) for one in _causes(error))
        else code
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _what(error: BaseException) -> str:
    """What can be said of a failure that has no sentence of its own; a provider's words may hold anything."""
    return f"HTTP {error.status_code}." if isinstance(error, exceptions.ModelHTTPError) else f"{type(error).__name__}."


def _keep(used: RunUsage, spent: Spent) -> None:
    spent.requests += used.requests
    spent.tool_calls += used.tool_calls
    spent.tokens += used.input_tokens + used.output_tokens
    if used.cost is not None:
        spent.cost = (spent.cost or 0.0) + float(used.cost)
