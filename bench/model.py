"""What Prosa itself costs around a language model, with a scripted one that answers at once.

    uv run python bench/model.py [--answers 200] [--at-once 8]

Aims: saying 50 deltas costs at most 15 ms of CPU more than pydantic-ai's own stream of the same deltas; whole answers
(a statement, its rows, 50 deltas of words) come at least as often as stock Vanna 2's over the same SQLite file. Both
sides of each figure are measured in the same process and run, in turns. Needs the extras `llm` and `vanna`.

Whole answers are raced three times. `over HTTP`: both ask one and the same scripted model (`scripted_model.py`, a
process of its own) through OpenAI's client, as each of them does with a real one; at once, and after 0.1 seconds.
`in process`: each has the fake that its own library brings, which answers by a function call; Vanna's passes objects
straight to its agent. What an answer of each side consists of is printed below, and the CPU that this process spends
on it; the scripted model and Prosa's workers are other processes.

Where Prosa's CPU goes, in the same run: a plan by pydantic-ai's agent with nothing of ours around it, and the one
request to the model that it consists of.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_ai import Agent, ToolOutput
from pydantic_ai.direct import model_request
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, ToolCallPart
from pydantic_ai.models import Model
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from scripted_model import DELTAS, PLAN, SQL

import prosa
from prosa import grounding
from prosa.analysts.base import Plan
from prosa.analysts.llm import LlmAnalyst
from prosa.analysts.llm.drafts import DraftPlan
from prosa.app import Desk
from prosa.identity import LOCAL
from prosa.pipeline import StagedPipeline
from prosa.pipeline.respond import Speech
from prosa.question import Context, Question

QUESTION = "which artist has the most albums?"


async def streamed(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
    for delta in DELTAS:
        yield delta


async def planned(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    return ModelResponse(parts=[ToolCallPart("plan", PLAN)])


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--answers", type=int, default=200)
    words.add_argument("--at-once", type=int, default=8)
    options = words.parse_args()
    logging.disable(logging.CRITICAL)  # Vanna logs every step
    with tempfile.TemporaryDirectory(prefix="prosa-bench-") as folder:
        asyncio.run(measured(Path(folder), options.answers, options.at_once))


async def measured(folder: Path, answers: int, at_once: int) -> None:
    data = folder / "music.sqlite"
    with sqlite3.connect(data) as connection:
        connection.execute("CREATE TABLE artist (name TEXT, albums INTEGER)")
        rows = [(f"artist {number}", number * 10) for number in range(100)]
        connection.executemany("INSERT INTO artist VALUES (?, ?)", rows)
    folders = {"data_dir": folder / "data", "cache_dir": folder / "cache"}
    async with prosa.open(data, **folders) as desk:
        scripted = FunctionModel(planned, stream_function=streamed)
        await overhead(desk, scripted, answers)
        await planning(scripted, answers)
        for how, seconds, fewer in (("over HTTP", 0.0, 1), ("over HTTP, after 0.1 s", 0.1, 4)):
            with served(seconds) as url:
                openai = OpenAIChatModel("scripted", provider=OpenAIProvider(base_url=url, api_key="none"))
                theirs = stock_vanna(data, folder / "files", over_http(url))
                await race(how, Side(desk, openai), theirs, answers // fewer, at_once)
        theirs = stock_vanna(data, folder / "files", in_process())
        await race("in process", Side(desk, scripted), theirs, answers, at_once)


@contextmanager
def served(seconds: float) -> Iterator[str]:
    """The address of a scripted model in a process of its own, which takes so long to answer."""
    script = Path(__file__).with_name("scripted_model.py")
    with subprocess.Popen([sys.executable, script, str(seconds)], stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().strip()
        process.terminate()


class Side:
    """Prosa around a model."""

    def __init__(self, desk: Desk, model: Model) -> None:
        self.desk = desk
        self.analyst = LlmAnalyst(model, desk.workers, grounding.Check)
        self._pipeline = StagedPipeline(
            workers=desk.workers, databases=desk.databases, analysts={"llm": self.analyst}, results=desk.results
        )

    async def asked(self) -> Any:
        """The entries of one answer's run, and the answer."""
        run = await self.desk.runs.start(LOCAL, Question(QUESTION, analyst="llm"), answerer=self._pipeline)
        return run, await run.finished()


async def overhead(desk: Desk, model: Model, answers: int) -> None:
    """CPU of this process for 50 deltas: pydantic-ai's own stream, and the same said by the analyst, checked."""
    side = Side(desk, model)
    _, answer = await side.asked()
    result = desk.results.get(LOCAL, answer.table.result_id).result
    plan, plain = Plan((), "Albums by artist."), Agent(model)

    async def theirs() -> None:
        async with plain.run_stream(QUESTION) as stream:
            async for _ in stream.stream_text(delta=True, debounce_by=None):
                pass

    async def ours() -> None:
        speech = Speech(lambda event: None, QUESTION, "en", [result])
        speaking = asyncio.create_task(speech.speak())
        context = Context(LOCAL, "bench")
        await side.analyst.respond(Question(QUESTION), context, plan, [result], "en", speech.say)
        speech.end()
        await speaking

    own, base = await in_turns(ours, theirs, answers)
    told(f"{len(DELTAS)} deltas, CPU", own, base, "pydantic-ai alone", f"difference {own - base:.1f} ms, aim 15")


async def planning(model: Model, answers: int) -> None:
    """CPU of this process for a plan: by pydantic-ai's agent, and by a plain request whose answer is validated."""
    agent = Agent(model, output_type=ToolOutput(DraftPlan, name="plan"))

    async def by_agent() -> None:
        await agent.run(QUESTION)

    async def by_request() -> None:
        found = await model_request(model, [ModelRequest.user_text_prompt(QUESTION)])
        DraftPlan.model_validate(next(part for part in found.parts if isinstance(part, ToolCallPart)).args_as_dict())

    agents, plain = await in_turns(by_agent, by_request, answers)
    print(f"a plan, CPU: by pydantic-ai's agent {agents:.2f} ms, by a plain request {plain:.2f} ms")


async def race(how: str, side: Side, vanna: Any, answers: int, at_once: int) -> None:
    """Whole answers a second, some at once: ours, and stock Vanna's over the same file, in turns of a tenth each."""

    async def ours() -> None:
        run, answer = await side.asked()
        assert answer.status == "answered"
        did["prosa"] = Counter([type(entry.event).__name__ async for entry in run.follow()])

    async def theirs() -> None:
        from vanna.core.user import RequestContext

        async with aclosing(vanna.send_message(RequestContext(), QUESTION)) as parts:
            said = [part async for part in parts]
        assert any("artist leads" in str(part.simple_component) for part in said)
        did["vanna"] = Counter(type(part.rich_component).__name__ for part in said)

    did: dict[str, Counter[str]] = {}
    measured: dict[str, list[Rate]] = {"prosa": [], "vanna": []}
    await crowd(ours, at_once, at_once)
    await crowd(theirs, at_once, at_once)
    for _ in range(10):
        measured["prosa"].append(await crowd(ours, max(at_once, answers // 10), at_once))
        measured["vanna"].append(await crowd(theirs, max(at_once, answers // 10), at_once))
    own, base = (Rate(*map(statistics.median, zip(*measured[name], strict=True))) for name in ("prosa", "vanna"))
    print(f"answers a second, {how}: {own.answers:.0f}, stock Vanna 2 {base.answers:.0f}", end=", ")
    print(f"ratio {own.answers / base.answers:.2f}, aim 1; CPU of one {own.cpu:.1f} ms, {base.cpu:.1f} ms")
    for name, events in did.items():
        print(f"  an answer of {name}: {', '.join(f'{count} {event}' for event, count in sorted(events.items()))}")
    await side.analyst.aclose()


class Rate(NamedTuple):
    """Answers a second, and milliseconds of CPU that this process spends on one."""

    answers: float
    cpu: float


async def crowd(work: Callable[[], Awaitable[None]], answers: int, at_once: int) -> Rate:
    """The rate of a few at a time: as many as one user may have without waiting in line."""
    gate = asyncio.Semaphore(min(at_once, 4))

    async def one() -> None:
        async with gate:
            await work()

    begun, spent = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one() for _ in range(answers)))
    cpu = (time.process_time() - spent) * 1000 / answers
    return Rate(answers / (time.perf_counter() - begun), cpu)


async def in_turns(
    ours: Callable[[], Awaitable[None]], theirs: Callable[[], Awaitable[None]], times: int
) -> tuple[float, float]:
    """Median milliseconds of CPU of each."""
    spent: tuple[list[float], list[float]] = ([], [])
    for number in range(times + 5):
        for work, kept in zip((ours, theirs), spent, strict=True):
            begun = time.process_time()
            await work()
            if number >= 5:
                kept.append((time.process_time() - begun) * 1000)
    return statistics.median(spent[0]), statistics.median(spent[1])


def told(what: str, own: float, base: float, of: str, note: str) -> None:
    print(f"{what}: {own:.1f} ms, {of} {base:.1f} ms, ratio {own / base:.2f}, {note}")


def over_http(url: str) -> Any:
    """Vanna's own way to OpenAI."""
    from vanna.integrations.openai import OpenAILlmService

    return OpenAILlmService(model="scripted", api_key="none", base_url=url)


def in_process() -> Any:
    """Vanna's own fake, with the script."""
    from vanna import MockLlmService
    from vanna.core.llm import LlmStreamChunk
    from vanna.core.tool import ToolCall

    class Scripted(MockLlmService):
        async def stream_request(self, request: Any) -> AsyncIterator[Any]:
            if request.messages[-1].role == "tool":
                for delta in DELTAS:
                    yield LlmStreamChunk(content=delta)
                yield LlmStreamChunk(finish_reason="stop")
            else:
                call = ToolCall(id="c1", name="run_sql", arguments={"sql": SQL})
                yield LlmStreamChunk(tool_calls=[call], finish_reason="tool_calls")

    return Scripted()


def stock_vanna(data: Path, files: Path, model: Any) -> Any:
    """Vanna 2 as its own guide puts it together, around a model."""
    from vanna import Agent as VannaAgent
    from vanna import AgentConfig, ToolRegistry, User
    from vanna.core.user import UserResolver
    from vanna.integrations.local import LocalFileSystem
    from vanna.integrations.local.agent_memory import DemoAgentMemory
    from vanna.integrations.sqlite import SqliteRunner
    from vanna.tools import RunSqlTool

    class Somebody(UserResolver):
        async def resolve_user(self, request_context: Any) -> Any:
            return User(id="bench", group_memberships=["admin"])

    registry = ToolRegistry()
    tool = RunSqlTool(sql_runner=SqliteRunner(str(data)), file_system=LocalFileSystem(str(files)))
    registry.register_local_tool(tool, access_groups=[])
    return VannaAgent(
        llm_service=model, tool_registry=registry, user_resolver=Somebody(),
        agent_memory=DemoAgentMemory(), config=AgentConfig(),
    )  # fmt: skip


if __name__ == "__main__":
    main()
