"""`make_chart`: the figure that fits a result of the session, as Plotly JSON in a code fence."""

from __future__ import annotations

import msgspec

from prosa import locales
from prosa.charts.recommend import recommend
from prosa.charts.style import ChartWish
from prosa.errors import UsageError
from prosa.exports.downloads import PendingDownloads
from prosa.results import Result
from prosa.tools.base import Tool, at_desk


class Arguments(msgspec.Struct, frozen=True):
    result_id: str
    kind: str = ""
    title: str = ""


async def run(given: Arguments, session: PendingDownloads) -> str:
    """The figure. UsageError where there are no data or nothing to draw; AccessError for a result of somebody else."""
    if session.desk is None:
        raise UsageError("tool_no_data")
    locale = locales.normalise(session.locale)
    result = await at_desk(session, _result(given.result_id, session))
    wish = ChartWish(given.kind.strip().lower())
    figure = recommend(result, title=given.title, wish=wish, locale=locale, template=session.desk.template)
    if figure is None:
        raise UsageError("tool_no_chart")
    return f"```json\n{msgspec.json.encode(figure).decode('utf-8')}\n```"


async def _result(result_id: str, session: PendingDownloads) -> Result:
    found: Result = session.desk.results.get(session.principal, result_id).result
    return found


MAKE_CHART = Tool("make_chart", Arguments, run, asks=True)
