"""Text files as streams of UTF-8: the encoding found, gzip undone, NUL bytes left out, bytes counted."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from prosa.errors import SourceError

SAMPLE = 1 << 16
EXPANDED_FREE, EXPANDED_RATIO = 500 << 20, 100
"""A compressed file may expand to so many bytes, and beyond them to so many times its size."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_GZIP = b"\x1f\x8b"
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))
"""Those that texts don't have."""
_STRANGE = 0.02


def _cp1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "prosa_latin1"), error.end


def _latin1(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("prosa_cp1252", _cp1252)
codecs.register_error("prosa_latin1", _latin1)
_RESCUE = {"utf-8": "prosa_cp1252", "cp1252": "prosa_latin1"}
"""What becomes of bytes that are not in the encoding: no byte of a file makes it unreadable."""


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding of a file by its first bytes, and the length of its byte order mark. UTF-16 without a mark shows in
    the places of its zeros; what is mostly not UTF-8 is cp1252, of which Latin-1 is a part."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, len(mark)
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) * 0.2 and min(even, odd) < max(even, odd) / 10:
        return ("utf-16-le" if odd > even else "utf-16-be"), 0
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(head)
    wrong = text.count("\ufffd")
    return ("utf-8" if not wrong or sum(c > "\x7f" for c in text) > 2 * wrong else "cp1252"), 0


def is_binary(head: bytes, encoding: str) -> bool:
    """Whether the first bytes are no text: they have more than a few of the control characters that texts lack."""
    text = head.decode(encoding, "ignore").encode() if encoding.startswith("utf-16") else head
    return len(text) - len(text.translate(None, _CONTROLS)) > len(text) * _STRANGE


class TextFile:
    """A text file on disk and streams of it. SourceError where it is binary or broken."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        with path.open("rb") as file:
            self.compressed = file.read(2) == _GZIP
        with self._open() as raw:
            head = raw.read(SAMPLE)
        self.encoding, self._mark = encoding_of(head)
        if is_binary(head, self.encoding):
            raise SourceError("source_binary", name=path.name)

    @property
    def marked(self) -> bool:
        """Whether it begins with a byte order mark."""
        return self._mark > 0

    def stream(self) -> Utf8Stream:
        """The whole text, from its beginning."""
        raw = self._open()
        raw.read(self._mark)
        return Utf8Stream(raw, self.encoding)

    def head(self, length: int) -> str:
        """The first `length` bytes as text, up to the end of a whole character."""
        with self.stream() as stream:
            return stream.read(length).decode("utf-8", "ignore")

    def _open(self) -> BinaryIO:
        raw = cast(BinaryIO, self.path.open("rb", buffering=0))
        return cast(BinaryIO, _Expanded(raw, self)) if self.compressed else raw


class _Expanded(io.RawIOBase):
    """What is inside a gzip file, as long as it does not grow beyond all measure."""

    def __init__(self, raw: BinaryIO, file: TextFile) -> None:
        self._raw = raw
        self._name = file.path.name
        self._most = max(EXPANDED_FREE, file.size * EXPANDED_RATIO)
        self._inside = gzip.GzipFile(fileobj=raw)

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._inside.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise SourceError("source_truncated", name=self._name) from error
        if self._inside.tell() > self._most:
            raise SourceError("source_expands", name=self._name)
        return data

    def tell(self) -> int:
        return self._raw.tell()

    def close(self) -> None:
        self._inside.close()
        self._raw.close()
        super().close()


class Utf8Stream(io.RawIOBase):
    """A file object for readers that know UTF-8 alone. `position` is in bytes of the file on disk; `rescued` says
    that some bytes were not in the encoding, `nuls` counts those left out, `lines` the line feeds read, `failed` is
    the error that ended the reading."""

    def __init__(self, raw: BinaryIO, encoding: str) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._rescue = _RESCUE.get(encoding, "replace")
        self._is_utf8 = encoding == "utf-8"
        self._rest = b""
        self._ended = False
        self.position = self.nuls = self.lines = 0
        self.rescued = False
        self.failed: SourceError | None = None

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes of UTF-8; none at the end alone."""
        parts = [self._rest]
        length = len(self._rest)
        while not self._ended and (size < 0 or length < size):
            parts.append(self._more(max(size, SAMPLE)))
            length += len(parts[-1])
        found = b"".join(parts)
        end = len(found) if size < 0 else size
        self._rest = found[end:]
        self.lines += found.count(b"\n", 0, end)
        return found[:end]

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._raw.close()
        super().close()

    def _more(self, size: int) -> bytes:
        try:
            raw = self._raw.read(size)
        except SourceError as error:
            self.failed = error
            raise
        self._ended = not raw
        self.position = self._raw.tell()
        data = self._utf8(raw)
        if b"\0" in data:
            self.nuls += data.count(b"\0")
            data = data.replace(b"\0", b"")
        return data

    def _utf8(self, raw: bytes) -> bytes:
        before = self._decoder.getstate()[0]
        try:
            text = self._decoder.decode(raw, self._ended)
        except UnicodeDecodeError:
            return self._rescued(raw)
        if not self._is_utf8:
            return text.encode("utf-8", "replace")
        whole = before + raw
        return whole[: len(whole) - len(self._decoder.getstate()[0])]

    def _rescued(self, raw: bytes) -> bytes:
        self.rescued = True
        self._decoder.errors = self._rescue
        text = self._decoder.decode(raw, self._ended)
        self._decoder.errors = "strict"
        return text.encode("utf-8", "replace")
