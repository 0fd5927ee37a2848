"""The one registry of tools that models and agents may call. Each tool is a file of its own; frameworks wrap them."""

from __future__ import annotations

from prosa.tools.base import Tool
from prosa.tools.export_chart import EXPORT_CHART
from prosa.tools.make_chart import MAKE_CHART
from prosa.tools.run_sql import RUN_SQL

TOOLS: dict[str, Tool] = {tool.name: tool for tool in (EXPORT_CHART, RUN_SQL, MAKE_CHART)}

__all__ = ["TOOLS", "Tool"]
