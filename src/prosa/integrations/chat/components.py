"""What one component of somebody's agent says: words, a statement, rows, a failure. Vanna 2's are known by their shape,
so that Vanna itself is never imported."""

from __future__ import annotations

import logging
from typing import Any

import msgspec

from prosa.events import Event, ToolCalled, ToolReturned

logger = logging.getLogger(__name__)


class Said(msgspec.Struct, frozen=True):
    """`delta` goes on with the words before it, `text` is a message of its own; `aside` is text for programs, where the
    name of a file may stand; `figure` is a Plotly figure, `events` are told as they are; `refused` is what went wrong
    with a statement, `broken` that the agent itself gave up."""

    delta: str = ""
    text: str = ""
    sql: str = ""
    rows: Any = None
    figure: dict[str, Any] | None = None
    events: tuple[Event, ...] = ()
    aside: str = ""
    refused: str = ""
    broken: bool = False


NOTHING = Said()

_TOOL = "Executing "
"""How Vanna begins the title of a tool's card; the tool's name follows."""


def read(component: Any) -> Said:
    """What a component says; nothing, for what is none."""
    try:
        return _read(component)
    except Exception:  # whatever somebody's object does when it is looked at, the answer goes on
        logger.warning("a component of type %s can't be read", type(component).__name__, exc_info=True)
        return NOTHING


def _read(component: Any) -> Said:
    if isinstance(component, str):
        return Said(delta=component)
    if isinstance(component, dict):
        return _plain(component)
    rich = getattr(component, "rich_component", component)
    kind = getattr(getattr(rich, "type", None), "value", getattr(rich, "type", None))
    aside = _text(getattr(component, "simple_component", None), "text")
    reader = _READERS.get(str(kind))
    if reader is not None:
        return reader(rich, aside)
    words = _text(rich, "content") or _text(rich, "text")
    return Said(text=words) if words and kind is None else Said(aside=aside)


def _plain(component: dict[str, Any]) -> Said:
    given = component.get("arguments") or component.get("args")
    sql = component.get("sql") or (given.get("sql") if isinstance(given, dict) else None)
    words = component.get("text") or component.get("content") or component.get("delta")
    return Said(
        delta=words if isinstance(words, str) else "",
        sql=sql if isinstance(sql, str) else "",
        rows=component.get("rows") or None,
    )


def _text(thing: Any, name: str) -> str:
    found = getattr(thing, name, None)
    return found if isinstance(found, str) else ""


def _words(rich: Any, aside: str) -> Said:
    return Said(text=_text(rich, "content") or aside)


def _status_card(rich: Any, aside: str) -> Said:
    """A tool at work: its arguments stand in the card before it runs."""
    given = getattr(rich, "metadata", None)
    given = given if isinstance(given, dict) else {}
    status, words = _text(rich, "status"), _text(rich, "description")
    failed = words if status in ("error", "failed") else ""
    if isinstance(given.get("sql"), str):
        return Said(refused=failed) if failed else Said(sql=given["sql"], aside=aside)
    call, title = _text(rich, "id"), _text(rich, "title")
    if not call or not title.startswith(_TOOL):
        return Said(aside=aside)
    tool = title.removeprefix(_TOOL)
    if status in ("pending", "running"):
        return Said(events=(ToolCalled(call, tool, given),), aside=aside)
    return Said(events=(ToolReturned(call, tool, words, bool(failed)),), aside=aside)


def _rows(rich: Any, aside: str) -> Said:
    rows = getattr(rich, "rows", None)
    return Said(rows=rows if isinstance(rows, list) and rows else None, aside=aside)


def _chart(rich: Any, aside: str) -> Said:
    figure = getattr(rich, "data", None)
    return Said(figure=figure if isinstance(figure, dict) and "data" in figure else None, aside=aside)


def _notification(rich: Any, aside: str) -> Said:
    failed = _text(rich, "level") == "error"
    return Said(refused=_text(rich, "message") or aside) if failed else Said(aside=aside)


def _status_bar(rich: Any, aside: str) -> Said:
    return Said(broken=_text(rich, "status") == "error")


_READERS = {
    "text": _words,
    "card": _words,
    "alert": _words,
    "status_card": _status_card,
    "chart": _chart,
    "dataframe": _rows,
    "table": _rows,
    "notification": _notification,
    "status_bar_update": _status_bar,
}
