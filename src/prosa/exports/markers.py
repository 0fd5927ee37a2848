"""What agents' tools say about their files in plain text, and reading it back: download markers, Plotly charts, names.

A marker is a line `DOWNLOAD_FILE:{filename}:{mime_type}:{size}`. Text of agents is untrusted: nothing here raises,
evaluates, opens a file or takes longer than its length deserves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple, TypedDict

PREFIX = "DOWNLOAD_FILE:"
LONGEST_MARKER = 500
MOST_MARKERS = 200
MOST_TRIES = 200
"""Bounds for text that was made to be slow; no honest answer reaches them."""

_MIME = r"[A-Za-z0-9][\w.+-]*/[A-Za-z0-9*][\w.+-]*[ \t]*(?:;[^:;\n]*)*"
_WHOLE_MIME = re.compile(_MIME, re.ASCII)
_LINE_END = re.compile(r":([0-9]{1,15})[ \t]*[`*_.)\]]*[ \t]*\Z")
_INLINE = re.compile(rf":({_MIME}):([0-9]{{1,15}})(?![\w:/])[`*_]*", re.ASCII)
_FORBIDDEN_IN_NAME = re.compile(r"[/\\\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_OPENERS, _CLOSERS = "`*_([", "`*_)]"
_BULLET = re.compile(r"[ \t>*•-]*")
# No pattern may read a text twice: neither nested repeats, nor two neighbours that match the same sign.
_FENCE = re.compile(r"(`{3,})[ \t]*([\w+-]*)[^\n`]*(?=\n|\Z)")
_EMPTY_FENCE = re.compile(r"(`{3,})[^\n`]*\n\s{0,80}\1[ \t]*(?:\n|\Z)")
_CHART_FENCES = frozenset({"", "json", "plotly", "plotly-json", "chart"})
_CHART_START = re.compile(r'\{\s*"(?:data|layout|frames|config)"\s*:')
_TRACE_KEYS = frozenset({
    "type", "x", "y", "z", "values", "labels", "r", "theta", "lat", "lon", "locations", "open", "cells", "link",
    "value", "dimensions", "a", "b", "parents", "ids",
})  # fmt: skip
_ENDING = re.compile(r"\.(?:csv|tsv|xlsx|json|ndjson|xml|parquet|arrow|md|html|png|svg|pdf|zip|txt)\b", re.IGNORECASE)
_THING = "file|result|chart|data|table|report|arquivo|resultado|gráfico|dados|tabela|relatório"
_SAVED = re.compile(
    rf"(?:\b(?:{_THING})s?\b[^\n:]{{0,40}}?)?"
    r"\b(?:saved|exported|written|stored|salv[oa]s?|exportad[oa]s?|gravad[oa]s?)\b"
    rf"(?:[ \t]+(?:to|as|in|into|at|em|como|para|no|na|the|your|o|a|(?:{_THING})s?)\b){{0,4}}[ \t]*:?[ \t]*"
    r"(?:[`\"'*]{1,3}([^`\"'*\n]+)|([^\s`\"'*<>|]+))\Z",
    re.IGNORECASE,
)
_LONGEST_REFERENCE = 400


class Download(TypedDict):
    """A marker's parts; `file_size` is in bytes."""

    filename: str
    mime_type: str
    file_size: int


class Response(TypedDict):
    """An agent's answer taken apart: `text` for people, the first download, the chart, a named file, all downloads."""

    text: str
    chart: dict[str, Any] | None
    download: Download | None
    file: str | None
    downloads: list[Download]


class _Found(NamedTuple):
    start: int
    end: int
    download: Download


def marker(filename: str, mime_type: str, size: int) -> str:
    """The line that `AgentResponseParser` reads back. `size` is in bytes."""
    return f"{PREFIX}{filename}:{mime_type}:{size}"


def extract_download_markers(text: str) -> tuple[str, list[Download]]:
    """The text without its markers, and all of them in order."""
    return _without(text, list(_markers(text)))


class AgentResponseParser:
    """Takes an agent's answer apart. What is malformed stays in the text."""

    @staticmethod
    def extract_download_marker(text: str) -> tuple[str, Download | None]:
        """The text without its first marker, and that marker."""
        first = next(_markers(text), None)
        rest, found = _without(text, [first] if first else [])
        return rest, found[0] if found else None

    @staticmethod
    def extract_download_markers(text: str) -> tuple[str, list[Download]]:
        """The text without its markers, and all of them in order."""
        return extract_download_markers(text)

    @staticmethod
    def extract_plotly_chart(text: str) -> tuple[str, dict[str, Any] | None]:
        """The text without its first Plotly figure, fenced or bare, and the figure."""
        found = _fenced_chart(text) or _bare_chart(text)
        return (_cut(text, found[0], found[1]), found[2]) if found else (text, None)

    @staticmethod
    def extract_file_reference(text: str) -> tuple[str, str | None]:
        """The text without its first sentence like "saved to file: x.csv", and the file's name without any path."""
        for ending in islice(_ENDING.finditer(text), MOST_TRIES):
            said = _SAVED.search(text[_line_start(text, ending.end()) : ending.end()])
            name = re.split(r"[/\\]", said[1] or said[2])[-1].strip() if said else ""
            if said and not name.startswith("."):
                return _cut(text, ending.end() - len(said[0]), _closed(text, ending.end())), name
        return text, None

    @staticmethod
    def parse_response(text: Any) -> Response:
        """Everything at once: downloads first, then a chart, then a named file. It takes any value and never raises."""
        whole = text if isinstance(text, str) else "" if text is None else str(text)
        rest, downloads = extract_download_markers(whole)
        rest, chart = AgentResponseParser.extract_plotly_chart(rest)
        rest, file = AgentResponseParser.extract_file_reference(rest)
        first = downloads[0] if downloads else None
        return {"text": rest, "chart": chart, "download": first, "file": file, "downloads": downloads}


def _markers(text: str) -> Iterator[_Found]:
    place = text.find(PREFIX)
    for _ in range(MOST_MARKERS):
        if place < 0:
            return
        following = text.find(PREFIX, place + len(PREFIX))
        if found := _marker(text, place, following if following >= 0 else len(text)):
            yield found
        place = following


def _marker(text: str, start: int, limit: int) -> _Found | None:
    """The marker that begins at `start` and ends before `limit`, in its line."""
    after = start + len(PREFIX)
    line_end = text.find("\n", after, after + LONGEST_MARKER)
    end = min(limit, after + LONGEST_MARKER if line_end < 0 else line_end)
    parts = _parts(text[after:end].rstrip("\r"))
    if parts is None or _FORBIDDEN_IN_NAME.search(parts[0]) or not parts[0].strip(" ."):
        return None
    name, mime, size, length = parts
    return _Found(start, after + length, {"filename": name.strip(), "mime_type": mime.strip(), "file_size": size})


def _parts(segment: str) -> tuple[str, str, int, int] | None:
    """Name, type, size, and the length of it all."""
    # The end of the line first: a name may hold what looks like a type and a size.
    if tail := _LINE_END.search(segment):
        name, _, mime = segment[: tail.start()].rpartition(":")
        if name and _WHOLE_MIME.fullmatch(mime):
            return name, mime, int(tail[1]), len(segment)
    inline = _INLINE.search(segment, 1)
    return (segment[: inline.start()], inline[1], int(inline[2]), inline.end()) if inline else None


def _without(text: str, found: list[_Found]) -> tuple[str, list[Download]]:
    if not found:
        return text, []
    kept, place = [], 0
    for one in found:
        start, end = _widened(text, max(one.start, place), one.end)
        kept.append(text[place:start])
        place = end
    rest = _EMPTY_FENCE.sub("", "".join([*kept, text[place:]]))
    return _tidy(rest), [one.download for one in found]


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """With the signs around it, and with its line where nothing else but a bullet stands there."""
    while start and text[start - 1] in _OPENERS and text[end - 1] in _CLOSERS:
        start -= 1
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    if _BULLET.fullmatch(text, line_start, start) and not text[end:line_end].strip():
        return line_start, min(line_end + 1, len(text))
    return start, end


def _fenced(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Start, end, language and content of each closed code fence."""
    opened: re.Match[str] | None = None
    for fence in islice(_FENCE.finditer(text), MOST_TRIES):
        if opened is None:
            opened = fence
        elif fence[1].startswith(opened[1]) and not fence[2]:
            yield opened.start(), fence.end(), opened[2].lower(), text[opened.end() : fence.start()]
            opened = None


def _fenced_chart(text: str) -> tuple[int, int, dict[str, Any]] | None:
    for start, end, language, content in _fenced(text):
        if language in _CHART_FENCES and content.lstrip().startswith("{"):
            try:
                figure = _decoder.decode(content)
            except (ValueError, RecursionError):
                continue
            if _is_figure(figure):
                return start, end, figure
    return None


def _bare_chart(text: str) -> tuple[int, int, dict[str, Any]] | None:
    """Each try begins where the last one gave up, so that no text is read twice."""
    start = _CHART_START.search(text)
    for _ in range(MOST_TRIES):
        if start is None:
            break
        try:
            figure, end = _decoder.raw_decode(text, start.start())
        except json.JSONDecodeError as error:
            end = max(error.pos, start.end())
        except (ValueError, RecursionError):  # no place is told, so there is none to go on from
            break
        else:
            if _is_figure(figure):
                return start.start(), end, figure
        start = _CHART_START.search(text, end)
    return None


def _is_figure(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("data"), list) or not value["data"]:
        return False
    if not isinstance(value.get("layout", {}), dict):
        return False
    return all(isinstance(trace, dict) and _TRACE_KEYS.intersection(trace) for trace in value["data"])


_decoder = json.JSONDecoder(parse_constant=lambda _: None)
"""NaN and Infinity, which Python writes into JSON and browsers can't read, become None."""


def _line_start(text: str, end: int) -> int:
    return max(text.rfind("\n", 0, end) + 1, end - _LONGEST_REFERENCE)


def _closed(text: str, end: int) -> int:
    """With the quotes and the full stop behind it."""
    while end < len(text) and text[end] in "`\"'*":
        end += 1
    return end + (text[end : end + 2] in (".", ". ", ".\n"))


def _cut(text: str, start: int, end: int) -> str:
    return _tidy(text[:start] + text[end:])


def _tidy(text: str) -> str:
    return re.sub(r"\n[ \t]*\n(?:[ \t]*\n)+", "\n\n", text).strip()
