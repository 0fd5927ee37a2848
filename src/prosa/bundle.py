"""The bundle: everything of an answer, or of a conversation, in one zip that explains itself in `about.json`.

An answer's files are `answer.md`, `query.sql`, `data.csv`, `data.parquet`, `chart.png`, `chart.html`; several of a kind
are numbered. Rows flow from the workers into the zip; what can't be had is named with the reason, never left out in
silence.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec

from prosa import chart_export, locales
from prosa.answer import Answer
from prosa.conversations import export as conversation_export
from prosa.conversations.values import ConversationDetail
from prosa.errors import ProsaError
from prosa.events import Chart, Table
from prosa.exports.archive import Archive, Member, whole
from prosa.exports.names import slugged
from prosa.exports.options import personal
from prosa.exports.store import StoredResult
from prosa.results import Provenance

_DATA = ("csv", "parquet")
_PICTURES = ("png", "html")


class Writing(Protocol):
    """An export on its way."""

    rows: int | None

    def __aiter__(self) -> AsyncIterator[bytes]: ...


class Rows(Protocol):
    """Where a bundle finds results and lets their rows be written."""

    def stored(self, result_id: str) -> StoredResult:
        """AccessError."""

    def export(self, stored: StoredResult, format: str, options: dict[str, Any]) -> Writing: ...


class Listed(msgspec.Struct, omit_defaults=True):
    """A file as `about.json` tells it; `snapshot` is `held` or `rerun`, `missing_signs` are those that a picture's
    fonts lack."""

    name: str
    what: str
    rows: int | None = None
    complete: bool | None = None
    snapshot: str | None = None
    missing_signs: str = ""
    size: int = 0
    sha256: str = ""


class Missing(msgspec.Struct):
    """A file that could not be made, and why."""

    name: str
    why: str


class About(msgspec.Struct, omit_defaults=True):
    """What `about.json` says of an answer. `at` is an ISO 8601 time with zone."""

    question: str
    at: str
    run: str
    status: str
    reading: str = ""
    source: str = ""
    queries: list[str] = []
    files: list[Listed] = []
    missing: list[Missing] = []


def answer(answer: Answer, rows: Rows, *, locale: str | None = None, version: str = "") -> Archive:
    """The zip of one answer. `locale` is None where the person gave none: its files are then in the answer's language,
    with the marks that every program reads."""
    writer = _Writer(rows, locale, locales.normalise(locale or answer.locale))
    at = _time(answer.started_at)
    archive = Archive(_answer_members(answer, writer, version, lambda: archive), at)
    return archive


def conversation(found: ConversationDetail, rows: Rows, *, locale: str, version: str = "") -> Archive:
    """The zip of a conversation: as text in three formats, and a folder for each answer."""
    writer = _Writer(rows, locale, locales.normalise(locale))
    archive = Archive(_conversation_members(found, writer, version, lambda: archive), _time(found.updated))
    return archive


def _time(seconds: float) -> datetime:
    """What a zip can hold begins in 1980."""
    return datetime.fromtimestamp(max(seconds, 315_619_200.0), UTC)


async def _answer_members(
    answer: Answer, writer: _Writer, version: str, archive: Callable[[], Archive]
) -> AsyncIterator[Member]:
    about = _about(answer)
    async for member in writer.members(answer, about, ""):
        yield member
    yield _json("about.json", {"prosa": version, **_told(about, archive())})


async def _conversation_members(
    found: ConversationDetail, writer: _Writer, version: str, archive: Callable[[], Archive]
) -> AsyncIterator[Member]:
    for format in conversation_export.MEDIA_TYPES:
        yield Member(f"conversation.{format}", whole(conversation_export.written(found, format, writer.language)))
    answers = []
    for number, turn in enumerate(found.items, 1):
        about, folder = _about(turn.answer), f"{number:02}_{slugged(turn.question, 'answer')}/"
        async for member in writer.members(turn.answer, about, folder):
            yield member
        answers.append(_told(about, archive()))
    yield _json("about.json", {"prosa": version, "title": found.title, "id": found.id, "answers": answers})


class _Writer:
    """Makes the members of answers and notes in their `About` what they are. `locale` is what the person gave, for
    the marks of numbers; `language` that of all words."""

    def __init__(self, rows: Rows, locale: str | None, language: str) -> None:
        self.rows, self.locale, self.language = rows, locale, language

    async def members(self, answer: Answer, about: About, folder: str) -> AsyncIterator[Member]:
        text = conversation_export.answer_markdown(answer, self.language)
        yield self._fixed(about, f"{folder}answer.md", "answer", text)
        if about.queries:
            sql = "\n\n".join(f"{query};" for query in about.queries)
            yield self._fixed(about, f"{folder}query.sql", "sql", f"{sql}\n".encode())
        for number, table in enumerate(answer.tables, 1):
            for member in self._data(table, about, f"{folder}data{_numbered(number)}"):
                yield member
        for number, chart in enumerate(answer.charts, 1):
            async for member in self._charts(chart, about, f"{folder}chart{_numbered(number)}"):
                yield member

    def _fixed(self, about: About, name: str, what: str, data: bytes) -> Member:
        about.files.append(Listed(name, self._what(what)))
        return Member(name, whole(data))

    def _data(self, table: Table, about: About, stem: str) -> Sequence[Member]:
        try:
            stored = self.rows.stored(table.result_id)
        except ProsaError as error:
            about.missing += [self._missing(f"{stem}.{format}", error) for format in _DATA]
            return ()
        return [self._table(stored, format, about, f"{stem}.{format}") for format in _DATA]

    def _table(self, stored: StoredResult, format: str, about: About, name: str) -> Member:
        result = stored.result
        snapshot = "held" if result.held else "rerun"
        about.source = stored.provenance.source
        about.files.append(Listed(name, self._what("data"), result.total, not result.truncated, snapshot))
        options = personal(self.locale) if format == "csv" else {}
        return Member(name, self.rows.export(stored, format, options), large=not result.held)

    async def _charts(self, chart: Chart, about: About, stem: str) -> AsyncIterator[Member]:
        for format in _PICTURES:
            if format not in chart_export.FORMATS:
                continue
            try:
                file = await chart_export.write(chart.figure, format, locale=self.language, origin=self._origin(chart))
            except ProsaError as error:
                about.missing.append(self._missing(f"{stem}.{format}", error))
            else:
                yield self._fixed(about, f"{stem}.{file.extension}", "chart", file.data)
                about.files[-1].missing_signs = file.missing

    def _origin(self, chart: Chart) -> Provenance | None:
        try:
            return self.rows.stored(chart.result_id).provenance
        except ProsaError:
            return None

    def _missing(self, name: str, error: ProsaError) -> Missing:
        words = filter(None, (error.sentence(self.language), error.hint(self.language)))
        return Missing(name, " ".join(words))

    def _what(self, what: str) -> str:
        return locales.text(f"exports.bundle_{what}", self.language)


def _about(answer: Answer) -> About:
    at = datetime.fromtimestamp(answer.started_at, UTC).isoformat(timespec="seconds")
    queries = [query.sql for query in answer.queries if not query.code]
    return About(answer.question, at, answer.run_id, answer.status, answer.reading, queries=queries)


def _told(about: About, archive: Archive) -> dict[str, Any]:
    """The facts as plain values, with sizes and digests of the files that were written."""
    written = {done.name: done for done in archive.written}
    for listed in about.files:
        listed.size, listed.sha256 = written[listed.name].size, written[listed.name].sha256
    told: dict[str, Any] = msgspec.to_builtins(about)
    return told


def _numbered(number: int) -> str:
    return f"_{number}" if number > 1 else ""


def _json(name: str, value: Any) -> Member:
    return Member(name, whole(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"))
