"""A Vanna 2 agent (extra `vanna`) in Prosa's place, on every wire and face:

    app = prosa.asgi(answerer=from_vanna(agent))

The agent is known by its shape, so that Vanna itself is never imported here. docs/agents.md.
"""

from __future__ import annotations

from prosa.identity import Principal
from prosa.integrations.chat.listening import listen
from prosa.integrations.chat.protocols import Agent, RequestContext
from prosa.integrations.chat.telling import Telling
from prosa.integrations.foreign import guarded, thread_of
from prosa.question import Answerer, Context, Emit, Question
from prosa.sources.base import Dialect

__all__ = ["VannaAnswerer", "from_vanna"]


def from_vanna(
    agent: Agent, *, dialect: Dialect = "duckdb", max_components: int = 100, silence: float = 60.0
) -> Answerer:
    """The agent as an `Answerer`. `dialect` is that of its statements; it is stopped after `max_components` parts or
    `silence` seconds without one."""
    return VannaAnswerer(agent, dialect, max_components, silence)


class VannaAnswerer:
    """Words, tools, statements, rows and charts of a Vanna agent as events of a run. Its `UserResolver` finds who asks
    in the request context: `get_header("x-user-id")` and `metadata["groups"]`."""

    def __init__(self, agent: Agent, dialect: str, max_components: int, silence: float) -> None:
        self._agent, self._dialect = agent, dialect
        self._max_components, self._silence = max_components, silence

    async def answer(self, question: Question, context: Context, emit: Emit) -> None:
        """ModelError `agent_failed`, `agent_parts`, `agent_quiet`."""
        telling = Telling(emit, self._dialect, context.keep)
        with guarded():
            parts = self._agent.send_message(
                _request(context.principal), question.text, conversation_id=thread_of(context)
            )
            await listen(parts, telling, most=self._max_components, silence=self._silence)
            telling.find_statement(done=True)


def _request(principal: Principal) -> RequestContext:
    groups = sorted(principal.groups)
    headers = {"x-user-id": principal.user, "x-username": principal.user, "x-groups": ",".join(groups)}
    return RequestContext(headers, metadata={"user_id": principal.user, "groups": groups})
