"""A `multipart/form-data` body with one file, written to disk as it comes. RFC 7578."""

from __future__ import annotations

import asyncio
from io import BufferedWriter
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Request
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from prosa.app.uploads import safe_name
from prosa.errors import RequestError, StorageError
from prosa.locales import text
from prosa.server.problems import locale_of

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_PART = "file"


async def one_file(request: Request, folder: Path) -> Path:
    """The body's file, under a safe form of the name that it came with. RequestError, StorageError."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    try:
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise FormParserError
        return await _received(request, options[b"boundary"], folder)
    except FormParserError as error:
        raise RequestError(what=text("requests.multipart", locale_of(request))) from error
    except OSError as error:
        raise StorageError("storage_full", where=str(folder)) from error


async def _received(request: Request, boundary: bytes, folder: Path) -> Path:
    parts = _Parts()
    parser = MultipartParser(boundary, parts.callbacks())
    path: Path | None = None
    file: BufferedWriter | None = None
    try:
        async for chunk in request.stream():
            parser.write(chunk)
            if parts.name is not None and file is None:
                path = folder / safe_name(parts.name)
                file = await asyncio.to_thread(path.open, "xb")
            if file is not None and parts.waiting:
                await asyncio.to_thread(file.write, bytes(parts.waiting))
                parts.waiting.clear()
        parser.finalize()
    finally:
        if file is not None:
            await asyncio.to_thread(file.close)
    if path is None:
        raise FormParserError
    return path


class _Parts:
    """What the parser has found so far: the file's name, and its bytes that wait to be written."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.waiting = bytearray()
        self._header = self._value = b""
        self._disposition = b""
        self._in_file = False

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_field,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header,
            "on_headers_finished": self._on_headers,
            "on_part_data": self._on_data,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._disposition = b""

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"filename" not in options:
            return
        if self.name is not None or options.get(b"name") != _PART.encode():
            raise FormParserError
        self.name = options[b"filename"].decode("utf-8", "replace")
        self._in_file = True

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self.waiting += data[start:end]

    def _end(self) -> None:
        self._in_file = False
