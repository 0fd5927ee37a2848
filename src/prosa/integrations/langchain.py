"""LangChain tools (extra `langchain`) over the one registry in `prosa.tools`.

The tools work for the session that `prosa.exports.downloads.bound_downloads` binds; LangChain copies the context into
its worker threads, so a binding around the agent's call reaches them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, contextmanager
from contextvars import copy_context
from typing import Any

import msgspec
from langchain_core.tools import BaseTool

from prosa.app import open as open_desk
from prosa.app.background import Background
from prosa.app.locations import Source
from prosa.errors import UsageError
from prosa.exports.downloads import PendingDownloads, bound, bound_downloads
from prosa.identity import LOCAL
from prosa.tools import TOOLS, Tool
from prosa.tools.base import failed
from prosa.tools.export_chart import EXPORT_CHART

__all__ = [
    "ALL_TOOLS",
    "ChartExportTool",
    "RegistryTool",
    "chart_export_tool",
    "make_chart_tool",
    "run_sql_tool",
    "session",
]


class RegistryTool(BaseTool):
    """A tool of the registry under its own name. UsageError `downloads_unbound` where no session is bound."""

    def __init__(self, tool: Tool, **more: Any) -> None:
        super().__init__(**described(tool), **more)

    def _run(self, **given: Any) -> str:
        return waited(TOOLS[self.name], given)

    async def _arun(self, **given: Any) -> str:
        return await TOOLS[self.name].call(given, bound())


class ChartExportTool(BaseTool):
    """`export_chart`: a Plotly figure as a file that waits in the session's downloads. UsageError `downloads_unbound`
    where no session is bound."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**described(EXPORT_CHART), **more)

    def _run(self, chart_json: str, export_format: str, filename: str | None = None) -> str:
        return waited(EXPORT_CHART, _arguments(chart_json, export_format, filename))

    async def _arun(self, chart_json: str, export_format: str, filename: str | None = None) -> str:
        return await EXPORT_CHART.call(_arguments(chart_json, export_format, filename), bound())


def _arguments(chart_json: str, export_format: str, filename: str | None) -> dict[str, Any]:
    return {"chart_json": chart_json, "export_format": export_format, "filename": filename}


def described(tool: Tool) -> dict[str, Any]:
    """What LangChain tells a model of a tool."""
    return {"name": tool.name, "description": tool.description, "args_schema": tool.schema}


def waited(tool: Tool, given: dict[str, Any]) -> str:
    """The tool's answer for code that does not await, also where another event loop is running. In the loop of the
    session's desk, which would wait for itself, a tool that asks the desk answers that `ainvoke` is needed."""
    session, loop = bound(), _running_loop()
    if loop is None:
        return asyncio.run(tool.call(given, session))
    if loop is session.loop and tool.asks:
        return failed(UsageError("tool_in_loop"), session.locale)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(copy_context().run, asyncio.run, tool.call(given, session)).result()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


@contextmanager
def session(source: Source, *, locale: str | None = None, **settings: Any) -> Iterator[PendingDownloads]:
    """Opens data for code that does not await, and binds a session over them, so that all tools work inside:

        with session("sales.csv") as downloads:
            agent.invoke({"messages": [("user", "export revenue by city")]})
            downloads.all()

    `source` and `settings` as in `prosa.open`, and the same errors; `locale` is the language of the tools' answers.
    """
    parts = AsyncExitStack()
    background = Background(parts.aclose)
    try:
        with bound_downloads(background.run(_opened(parts, source, locale, settings))) as opened:
            yield opened
    finally:
        background.stop()


async def _opened(
    parts: AsyncExitStack, source: Source, locale: str | None, settings: dict[str, Any]
) -> PendingDownloads:
    desk = await parts.enter_async_context(open_desk(source, **settings))
    principal = msgspec.structs.replace(LOCAL, session=desk.results.new_id())
    return PendingDownloads(desk.results, principal, desk=desk, locale=locale)


chart_export_tool = ChartExportTool()
run_sql_tool = RegistryTool(TOOLS["run_sql"])
make_chart_tool = RegistryTool(TOOLS["make_chart"])

_NAMED = (chart_export_tool, run_sql_tool, make_chart_tool)
_REST = [RegistryTool(tool) for name, tool in TOOLS.items() if name not in {named.name for named in _NAMED}]

ALL_TOOLS: list[BaseTool] = [*_NAMED, *_REST]
"""Every tool of the registry."""
