"""The files of an answer: each is made, kept for its owner and told of in a `file_ready` event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from prosa import bundle, chart_export, locales
from prosa.answer import Answer
from prosa.chart_export import ChartFile
from prosa.errors import ProsaError, UsageError
from prosa.events import Chart, FileReady, Notice
from prosa.exports import formats
from prosa.exports.archive import Archive
from prosa.exports.names import file_name
from prosa.exports.options import personal
from prosa.exports.store import StoredFile, StoredResult, Written
from prosa.identity import Principal
from prosa.pipeline.stage import Running
from prosa.pipeline.wishes import PICTURES, Of, Wishes
from prosa.question import Emit
from prosa.results import Result
from prosa.sources.base import Database

MOST_HELD = 64 << 20
"""In bytes; larger files are written anew for each reader."""


class Writing(Written, Protocol):
    """An export on its way, with the rows that it has read so far."""

    done: int


class Exports(Protocol):
    """Writes results in a format, in the workers."""

    def export(self, result: Result, database: Database, format: str, options: dict[str, Any]) -> Writing: ...


class Results(Protocol):
    """Keeps results and files for their owners."""

    def get(self, principal: Principal, result_id: str) -> StoredResult: ...

    def put_file(self, principal: Principal, file: StoredFile) -> str: ...


class Material(NamedTuple):
    """What files can be made of: the last result, its chart if it has one, the whole answer, all charts so far. An
    answer that is still being given has no end yet: its zip is made when it is fetched."""

    stored: StoredResult
    chart: Chart | None
    answer: Answer
    charts: Sequence[Chart] = ()


class Files:
    """Makes one person's files. `locale` is None where the person gave none; `language` is that of the answer."""

    def __init__(
        self,
        principal: Principal,
        results: Results,
        exports: Exports,
        emit: Emit,
        *,
        locale: str | None,
        language: str,
        version: str,
    ) -> None:
        self._principal, self._results, self._exports, self._emit = principal, results, exports, emit
        self._locale, self._language, self._version = locale, language, version
        self._missed = ""

    async def make(self, wished: Wishes, material: Material, stage: Running, *, needed: bool = True) -> list[FileReady]:
        """The files that are wished for. One that can't be made is told of in a notice; where none can and they were
        `needed`, its ProsaError passes."""
        made: list[FileReady] = []
        problems: list[ProsaError] = []
        for format in wished.formats or (_usual(wished.of, material),):
            try:
                made.append(await self._made(format, wished.of, material, stage))
            except ProsaError as error:
                problems.append(error)
        if problems and not made and needed:
            raise problems[0]
        for problem in problems:
            words = " ".join(filter(None, (problem.sentence(self._language), problem.hint(self._language))))
            self._emit(Notice(problem.code, words))
        return made

    async def _made(self, format: str, of: Of, material: Material, stage: Running) -> FileReady:
        if of == "charts":
            file = await self._of_charts(format, material)
        elif format == "zip":
            file = await self._of_all(material)
        elif _draws(format, of, material):
            file = await self._of_chart(format, material)
        else:
            file = await self._of_result(format, material.stored, stage)
        file_id = self._results.put_file(self._principal, file)
        ready = FileReady(file_id, file.name, file.mime, f"/api/files/{file_id}", file.size, file.rows, file.complete)
        self._emit(ready)
        return ready

    async def _of_result(self, format: str, stored: StoredResult, stage: Running) -> StoredFile:
        kind = formats.find(format)
        result = stored.result
        name = file_name(stored.provenance.question or "query_results", kind.extension)
        options = stored.export_options(personal(self._locale))

        def write() -> Writing:
            return self._exports.export(result, stored.database, format, options)

        complete = not result.truncated
        later = StoredFile(name, kind.mime, rows=result.total, complete=complete, write=write)
        if not result.held:
            return later
        data = await self._gathered(write(), result.total, stage)
        return StoredFile(name, kind.mime, data, result.total, complete) if data is not None else later

    async def _gathered(self, writing: Writing, total: int, stage: Running) -> bytes | None:
        """The whole file, or None where it grows too large to be held."""
        parts, size = [], 0
        try:
            async for chunk in writing:
                parts.append(chunk)
                size += len(chunk)
                stage.progress(writing.done, total)
                if size > MOST_HELD:
                    return None
        finally:
            await writing.aclose()
        return b"".join(parts)

    async def _of_chart(self, format: str, material: Material) -> StoredFile:
        if material.chart is None:
            raise UsageError("no_chart")
        file = await chart_export.write(
            material.chart.figure, format, locale=self._locale or self._language, origin=material.stored.provenance
        )
        self._tell_missing(file)
        title = chart_export.title(material.chart.figure) or "chart_export"
        return StoredFile(file_name(title, file.extension), file.mime, file.data, file.rows)

    async def _of_charts(self, format: str, material: Material) -> StoredFile:
        figures = [chart.figure for chart in material.charts]
        if not figures:
            raise UsageError("no_chart")
        chosen = chart_export.usual() if format == "zip" else format
        file = await chart_export.batch(figures, (chosen,), locale=self._locale or self._language)
        self._tell_missing(file)
        return StoredFile(file_name("charts", "zip"), file.mime, file.data)

    def _tell_missing(self, file: ChartFile) -> None:
        """Once for all pictures of the same words."""
        if file.missing and file.missing not in self._missed:
            self._missed = file.missing
            self._emit(Notice("missing_signs", chart_export.told(file.missing, self._language)))

    async def _of_all(self, material: Material) -> StoredFile:
        """The answer's zip; made anew for each reader where its rows are not held."""
        name = file_name(material.answer.question or "answer", "zip")

        def write() -> Archive:
            answer = msgspec.structs.replace(material.answer, status="answered")
            return bundle.answer(answer, self, locale=self._locale, version=self._version)

        if not material.stored.result.held or material.answer.status == "running":
            return StoredFile(name, chart_export.ZIP, write=write)
        data = b"".join([chunk async for chunk in write()])
        if len(data) > MOST_HELD:
            return StoredFile(name, chart_export.ZIP, write=write)
        return StoredFile(name, chart_export.ZIP, data)

    def stored(self, result_id: str) -> StoredResult:
        """A result for the bundle. AccessError."""
        return self._results.get(self._principal, result_id)

    def export(self, stored: StoredResult, format: str, options: dict[str, Any]) -> Writing:
        """A result's rows for the bundle."""
        return self._exports.export(stored.result, stored.database, format, stored.export_options(options))


def _usual(of: Of, material: Material) -> str:
    """The format where none was named: what most people can open."""
    if of in ("everything", "charts"):
        return "zip"
    return chart_export.usual() if of == "chart" and material.chart is not None else "xlsx"


def _draws(format: str, of: Of, material: Material) -> bool:
    """Whether a file is of the chart: because that was said, or since only a chart can be so."""
    if of == "chart" or format in PICTURES:
        return True
    return format == "html" and of != "result" and material.chart is not None


def told(made: Sequence[FileReady], locale: str) -> str:
    """The sentence about files that are ready."""
    names = ", ".join(f"`{file.name}`" for file in made)
    return locales.text("answers.files", locale, count=len(made), names=names)
