"""What a LangChain tool gave back: rows, a figure, passages, a failure, or words alone."""

from __future__ import annotations

import ast
from typing import Any

import msgspec

from prosa.events import Passage

_LONGEST_WORDS = 2_000
_LONGEST_READ = 4 << 20


class ToolResult(msgspec.Struct, frozen=True):
    """`words` are what a model was told, cut for the log; `rows` a data frame, an Arrow table, a list of
    dicts or of tuples."""

    words: str
    failed: bool = False
    rows: Any = None
    figure: dict[str, Any] | None = None
    passages: tuple[Passage, ...] = ()


def read(message: Any) -> ToolResult:
    """A `ToolMessage`. Its artifact, which is meant for programs, counts before its text."""
    text = str(getattr(message, "text", "") or "")
    words = text if len(text) <= _LONGEST_WORDS else text[: _LONGEST_WORDS - 1] + "…"
    if getattr(message, "status", "") == "error":
        return ToolResult(words, failed=True)
    artifact = getattr(message, "artifact", None)
    given = artifact if artifact is not None else _value(text)
    return ToolResult(words, rows=_rows(given), figure=_figure(given), passages=_passages(given))


def _value(text: str) -> Any:
    """What the text says as JSON or as Python writes it (LangChain's own SQL tools do); None for plain words."""
    if len(text) > _LONGEST_READ or not text.lstrip().startswith(("[", "{")):
        return None
    for reader in (msgspec.json.decode, ast.literal_eval):
        try:
            return reader(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
    return None


def _rows(given: Any) -> Any:
    if hasattr(given, "__arrow_c_stream__") or hasattr(given, "iloc"):
        return given
    if isinstance(given, dict) and _is_list_of(given.get("rows"), dict):
        return given["rows"]
    if isinstance(given, dict) and _is_list_of(given.get("rows"), list | tuple) and given.get("columns"):
        return [dict(zip(map(str, given["columns"]), row, strict=False)) for row in given["rows"]]
    return given if _is_list_of(given, dict) or _is_list_of(given, tuple) else None


def _is_list_of(given: Any, kind: Any) -> bool:
    return isinstance(given, list) and bool(given) and all(isinstance(one, kind) for one in given)


def _figure(given: Any) -> dict[str, Any] | None:
    """A Plotly figure, or one as JSON."""
    if hasattr(given, "to_plotly_json") and hasattr(given, "to_json"):
        return msgspec.json.decode(given.to_json(), type=dict[str, Any])
    is_figure = (
        isinstance(given, dict) and isinstance(given.get("data"), list) and isinstance(given.get("layout"), dict)
    )
    return given if is_figure else None


def _passages(given: Any) -> tuple[Passage, ...]:
    """LangChain's documents, as retrievers give them."""
    found = given if isinstance(given, list | tuple) else [given]
    return tuple(_passage(one) for one in found if hasattr(one, "page_content"))


def _passage(document: Any) -> Passage:
    about = document.metadata or {}
    page = about.get("page")
    name = str(about.get("title") or about.get("source") or "")
    return Passage(name, document.page_content[:_LONGEST_WORDS], page + 1 if isinstance(page, int) else None)
