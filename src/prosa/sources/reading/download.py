"""A file on the web, fetched once into the cache and again only when it has changed there."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import urllib.error
import urllib.request
from email.message import Message
from http.client import HTTPException, HTTPMessage
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import msgspec

from prosa.errors import SourceError, StorageError

if TYPE_CHECKING:
    from prosa.sources.reading.workspace import Fraction

MOST_BYTES = 2 << 30
TIMEOUT = 30.0
_BLOCK = 1 << 18
_STATE = ".state.json"
_UNSAFE = re.compile(r"[^\w.\- ]+")


class _State(msgspec.Struct, frozen=True):
    """What is needed to ask whether a file has changed (RFC 9110, 13.1)."""

    file: str
    etag: str = ""
    modified: str = ""


def download(url: str, folder: Path, tell: Fraction) -> Path:
    """The file behind an HTTP(S) URL. Where the server can't be reached, the copy from last time. SourceError,
    StorageError."""
    place = folder / hashlib.sha256(url.encode()).hexdigest()[:32]
    state = _state(place)
    try:
        request = urllib.request.Request(url, headers=_conditions(state))  # noqa: S310 - the caller has seen http(s)
        with _opener().open(request, timeout=TIMEOUT) as answer:
            return _keep(answer, url, place, tell)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 304 and state:
            return place / state.file
        raise SourceError("download_refused", name=_shown(url), status=error.code) from error
    except (urllib.error.URLError, TimeoutError, HTTPException, ConnectionError, ValueError) as error:
        if state:
            return place / state.file
        raise SourceError("download_failed", name=_shown(url)) from error


class _OnlyHttp(urllib.request.HTTPRedirectHandler):
    """Follows redirects to HTTP(S) alone: never from the web to a local file."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme not in ("http", "https"):
            raise SourceError("download_refused", name=_shown(newurl), status=code)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_OnlyHttp)


def _state(place: Path) -> _State | None:
    try:
        state = msgspec.json.decode((place / _STATE).read_bytes(), type=_State)
    except (OSError, msgspec.DecodeError):
        return None
    return state if (place / state.file).is_file() else None


def _conditions(state: _State | None) -> dict[str, str]:
    headers = {"User-Agent": "prosa"}
    if state and state.etag:
        headers["If-None-Match"] = state.etag
    if state and state.modified:
        headers["If-Modified-Since"] = state.modified
    return headers


def _keep(answer: IO[bytes], url: str, place: Path, tell: Fraction) -> Path:
    headers: Message = answer.headers  # type: ignore[attr-defined]
    name = _name(url, headers)
    total = int(headers.get("Content-Length") or 0)
    if total > MOST_BYTES:
        raise SourceError("download_too_large", name=_shown(url), limit=MOST_BYTES >> 30)
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, scratch = tempfile.mkstemp(dir=place, prefix=".part")
    except OSError as error:
        raise StorageError(what=error.strerror or "") from error
    try:
        with os.fdopen(handle, "wb") as file:
            _copy(answer, file, url, total, tell)
        os.replace(scratch, place / name)
    finally:
        Path(scratch).unlink(missing_ok=True)
    state = _State(name, headers.get("ETag", ""), headers.get("Last-Modified", ""))
    (place / _STATE).write_bytes(msgspec.json.encode(state))
    return place / name


def _copy(answer: IO[bytes], file: IO[bytes], url: str, total: int, tell: Fraction) -> None:
    size = 0
    while block := answer.read(_BLOCK):
        size += len(block)
        if size > MOST_BYTES:
            raise SourceError("download_too_large", name=_shown(url), limit=MOST_BYTES >> 30)
        try:
            file.write(block)
        except OSError as error:
            raise StorageError("cache_full") from error
        if total:
            tell(size / total)
    # http.client (Python 3.11) ends a read in blocks without a word where the server breaks off.
    if total and size < total:
        raise SourceError("download_failed", name=_shown(url))


def _name(url: str, headers: Message) -> str:
    """A file name for what was fetched: never more than a name."""
    told = headers.get_filename() or unquote(PurePosixPath(urlsplit(url).path).name)
    return _UNSAFE.sub("_", told.replace("\\", "/").rpartition("/")[2]).lstrip(".")[:100] or "download"


def _shown(url: str) -> str:
    """A URL without what may be secret in it."""
    try:
        parts = urlsplit(url)
    except ValueError:  # no address at all, like http://[x
        return f"{url.partition(':')[0]}://"
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"[:200]
