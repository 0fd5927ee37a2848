"""The one registry of tools that models and agents may call. Each tool is a file of its own; frameworks wrap them."""

from __future__ import annotations

from prosa.tools.ask import ASK
from prosa.tools.base import Tool
from prosa.tools.export import EXPORT
from prosa.tools.export_chart import EXPORT_CHART
from prosa.tools.list_sources import LIST_SOURCES
from prosa.tools.make_chart import MAKE_CHART
from prosa.tools.run_sql import RUN_SQL
from prosa.tools.search_schema import SEARCH_SCHEMA

_ALL = (EXPORT_CHART, RUN_SQL, MAKE_CHART, LIST_SOURCES, SEARCH_SCHEMA, ASK, EXPORT)
TOOLS: dict[str, Tool] = {tool.name: tool for tool in _ALL}

__all__ = ["TOOLS", "Tool"]
