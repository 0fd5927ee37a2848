"""A LangGraph graph (extra `langgraph`) in Prosa's place, on every wire and face:

    app = prosa.asgi(answerer=from_langgraph(create_agent(model, tools)))

Messages and tools are known by their shape, so that LangGraph is imported only to go on after an interrupt.
docs/agents.md.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from typing import Any, Protocol

import msgspec

from prosa.integrations.chat.telling import Telling
from prosa.integrations.foreign import guarded, thread_of
from prosa.integrations.graph_parts import GraphTelling
from prosa.question import Answerer, Context, Emit, Question
from prosa.sources.base import Dialect

__all__ = ["LangGraphAnswerer", "from_langgraph", "messages"]

Input = Callable[[Question, Context], Any]
"""Makes the graph's input, or what it resumes with, of a question."""

_INTERRUPTED = "agent_interrupted"
_MODES = ["messages", "updates", "custom"]


class Graph(Protocol):
    """A compiled graph, of `langgraph.graph` or of LangChain's `create_agent`."""

    checkpointer: Any

    def astream(self, input: Any, config: Any = None, **more: Any) -> AsyncIterator[Any]: ...


def messages(question: Question, context: Context) -> dict[str, Any]:
    """The input of most graphs: the question as the newest of `messages`, after what was said before."""
    said = []
    for turn in context.history:
        said += [_said("user", turn.question), _said("assistant", turn.answer.text)]
    return {"messages": [*(one for one in said if one["content"]), _said("user", question.text)]}


def _said(role: str, words: str) -> dict[str, str]:
    return {"role": role, "content": words}


def from_langgraph(
    graph: Graph,
    *,
    input: Input | None = None,
    resume: Input | None = None,
    config: Mapping[str, Any] | None = None,
    dialect: Dialect = "duckdb",
) -> Answerer:
    """The graph as an `Answerer`. `input` makes its input of a question, `messages` where none is given; `resume` makes
    of the answer to an interrupt what the graph goes on with, the words themselves where none is given; `config` is
    LangGraph's, to which thread and person are added; `dialect` is that of the statements that its tools are called
    with."""
    return LangGraphAnswerer(graph, input or messages, resume or _words, config or {}, dialect)


def _words(question: Question, context: Context) -> str:
    return question.text


class LangGraphAnswerer:
    """Tokens, tools, statements, rows, charts and passages of a graph as events of a run.

    Who asks stands in `config["configurable"]` as `user_id` and `groups`, beside `thread_id`. A graph with a
    checkpointer remembers by itself and gets the new question alone; others get what was said before as well. An
    interrupt is a question back, and the next question of the conversation its answer.
    """

    def __init__(self, graph: Graph, input: Input, resume: Input, config: Mapping[str, Any], dialect: str) -> None:
        self._graph, self._input, self._resume = graph, input, resume
        self._config, self._dialect = config, dialect

    async def answer(self, question: Question, context: Context, emit: Emit) -> None:
        """ModelError `agent_failed`."""
        telling = GraphTelling(Telling(emit, self._dialect, context.keep), context.spent)
        with guarded():
            stream = self._graph.astream(
                self._given(question, context),
                self._configured(context),
                stream_mode=_MODES,
                subgraphs=True,
            )
            async with aclosing(stream) as parts:  # type: ignore[type-var]
                async for _, mode, part in parts:
                    await telling.tell(mode, part)
            telling.end()
        context.remember[_INTERRUPTED] = telling.interrupted

    def _given(self, question: Question, context: Context) -> Any:
        if context.history and context.history[-1].state.get(_INTERRUPTED):
            from langgraph.types import Command

            return Command(resume=self._resume(question, context))
        remembers = bool(self._graph.checkpointer)
        return self._input(question, msgspec.structs.replace(context, history=()) if remembers else context)

    def _configured(self, context: Context) -> dict[str, Any]:
        who = context.principal
        ours = {"thread_id": thread_of(context), "user_id": who.user, "groups": sorted(who.groups)}
        return {**self._config, "configurable": {**self._config.get("configurable", {}), **ours}}
