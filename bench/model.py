"""What Prosa itself costs around a language model, with a scripted one that answers at once.

    uv run python bench/model.py [--answers 200] [--at-once 8]

Aims: saying 50 deltas costs at most 15 ms of CPU more than pydantic-ai's own stream of the same deltas; whole answers
(a statement, its rows, 50 deltas of words) come at least as often as stock Vanna 2's over the same SQLite file. Both
sides of each figure are measured in the same process and run, in turns. Needs the extras `llm` and `vanna`.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

import prosa
from prosa import grounding
from prosa.analysts.base import Plan
from prosa.analysts.llm import LlmAnalyst
from prosa.app import Desk
from prosa.identity import LOCAL
from prosa.pipeline import StagedPipeline
from prosa.pipeline.respond import Speech
from prosa.question import Context, Question

QUESTION = "which artist has the most albums?"
SQL = "SELECT name, albums FROM artist ORDER BY albums DESC LIMIT 20"
SENTENCE = "The first artist leads with 990 albums, and the second one follows with 980. "
DELTAS = [word + " " for word in (SENTENCE * 5).split()][:50]


async def streamed(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
    for delta in DELTAS:
        yield delta


def planned(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    return ModelResponse(parts=[ToolCallPart("plan", {"reading": "Albums by artist.", "queries": [{"sql": SQL}]})])


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
        analyst = LlmAnalyst(FunctionModel(planned, stream_function=streamed), desk.workers, grounding.check)
        pipeline = StagedPipeline(
            workers=desk.workers, databases=desk.databases, analysts={"llm": analyst}, results=desk.results
        )
        await overhead(desk, analyst, pipeline, answers)
        await race(desk, pipeline, folder, data, answers, at_once)
        await analyst.aclose()


async def overhead(desk: Desk, analyst: LlmAnalyst, pipeline: StagedPipeline, answers: int) -> None:
    """CPU of this process for 50 deltas: pydantic-ai's own stream, and the same said by the analyst, checked."""
    answer = await asked(desk, pipeline)
    result = desk.results.get(LOCAL, answer.table.result_id).result
    plan, plain = Plan((), "Albums by artist."), Agent(FunctionModel(planned, stream_function=streamed))

    async def theirs() -> None:
        async with plain.run_stream(QUESTION) as stream:
            async for _ in stream.stream_text(delta=True, debounce_by=None):
                pass

    async def ours() -> None:
        speech = Speech(lambda event: None, QUESTION, "en", [result])
        speaking = asyncio.create_task(speech.speak())
        context = Context(LOCAL, "bench")
        await analyst.respond(Question(QUESTION), context, plan, [result], "en", speech.say)
        speech.end()
        await speaking

    own, base = await in_turns(ours, theirs, answers)
    told(f"{len(DELTAS)} deltas, CPU", own, base, "pydantic-ai alone", f"difference {own - base:.1f} ms, aim 15")


async def race(desk: Desk, pipeline: StagedPipeline, folder: Path, data: Path, answers: int, at_once: int) -> None:
    """Whole answers a second, some at once: ours, and stock Vanna's over the same file, in turns of a tenth each."""
    vanna = stock_vanna(data, folder / "files")

    async def ours() -> None:
        assert (await asked(desk, pipeline)).status == "answered"

    async def theirs() -> None:
        from vanna.core.user import RequestContext

        async with aclosing(vanna.send_message(RequestContext(), QUESTION)) as parts:
            said = [part async for part in parts]
        assert any("artist leads" in str(part.simple_component) for part in said)

    rates: dict[str, list[float]] = {"prosa": [], "vanna": []}
    await crowd(ours, at_once, at_once)
    await crowd(theirs, at_once, at_once)
    for _ in range(10):
        rates["prosa"].append(await crowd(ours, max(at_once, answers // 10), at_once))
        rates["vanna"].append(await crowd(theirs, max(at_once, answers // 10), at_once))
    own, base = (statistics.median(rates[name]) for name in ("prosa", "vanna"))
    print(f"answers a second, {at_once} at once: {own:.0f}, stock Vanna 2 {base:.0f}, ratio {own / base:.2f}, aim 1")


async def asked(desk: Desk, pipeline: StagedPipeline) -> Any:
    run = await desk.runs.start(LOCAL, Question(QUESTION, analyst="llm"), answerer=pipeline)
    return await run.finished()


async def crowd(work: Callable[[], Awaitable[None]], answers: int, at_once: int) -> float:
    """Answers a second, a few at a time: as many as one user may have without waiting in line."""
    gate = asyncio.Semaphore(min(at_once, 4))

    async def one() -> None:
        async with gate:
            await work()

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(answers)))
    return answers / (time.perf_counter() - begun)


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


def stock_vanna(data: Path, files: Path) -> Any:
    """Vanna 2 as its own guide puts it together, with a scripted model."""
    from vanna import Agent as VannaAgent
    from vanna import AgentConfig, MockLlmService, ToolRegistry, User
    from vanna.core.llm import LlmStreamChunk
    from vanna.core.tool import ToolCall
    from vanna.core.user import UserResolver
    from vanna.integrations.local import LocalFileSystem
    from vanna.integrations.local.agent_memory import DemoAgentMemory
    from vanna.integrations.sqlite import SqliteRunner
    from vanna.tools import RunSqlTool

    class Scripted(MockLlmService):
        async def stream_request(self, request: Any) -> AsyncIterator[Any]:
            if request.messages[-1].role == "tool":
                for delta in DELTAS:
                    yield LlmStreamChunk(content=delta)
                yield LlmStreamChunk(finish_reason="stop")
            else:
                call = ToolCall(id="c1", name="run_sql", arguments={"sql": SQL})
                yield LlmStreamChunk(tool_calls=[call], finish_reason="tool_calls")

    class Somebody(UserResolver):
        async def resolve_user(self, request_context: Any) -> Any:
            return User(id="bench", group_memberships=["admin"])

    registry = ToolRegistry()
    tool = RunSqlTool(sql_runner=SqliteRunner(str(data)), file_system=LocalFileSystem(str(files)))
    registry.register_local_tool(tool, access_groups=[])
    return VannaAgent(
        llm_service=Scripted(), tool_registry=registry, user_resolver=Somebody(),
        agent_memory=DemoAgentMemory(), config=AgentConfig(),
    )  # fmt: skip


if __name__ == "__main__":
    main()
