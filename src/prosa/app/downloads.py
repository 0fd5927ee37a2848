"""Files behind http(s) URLs that a person named: fetched into a private folder, again only when they have changed."""

from __future__ import annotations

import hashlib
import os
import urllib.request
from http.client import HTTPException, HTTPMessage
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit

from prosa.errors import SourceError
from prosa.sources.naming import slug

SECONDS = 30.0
"""How long a server may stay silent."""
LARGEST = 4 << 30
_VALIDATORS = (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since"))


class _OnlyHttp(urllib.request.HTTPRedirectHandler):
    """A server may not send us to another kind of place."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme not in ("http", "https"):
            raise HTTPError(newurl, code, "redirect refused", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str, folder: Path) -> Path:
    """The URL's content as a file in `folder`, under the URL's own file name. SourceError `url_unreachable`."""
    target = folder / hashlib.sha256(url.encode()).hexdigest()[:16] / _file_name(url)
    request = urllib.request.Request(url, headers={"User-Agent": "prosa", **_seen(target)})  # noqa: S310 only http(s) comes here
    try:
        with urllib.request.build_opener(_OnlyHttp).open(request, timeout=SECONDS) as response:
            _save(response, target)
    except HTTPError as error:
        if error.code != 304:
            raise SourceError("url_unreachable", url=_shown(url), problem=f"HTTP {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise SourceError("url_unreachable", url=_shown(url), problem=_reason(error)) from error
    return target


def _file_name(url: str) -> str:
    path = PurePosixPath(unquote(urlsplit(url).path))
    ending = "".join(f".{slug(part.removeprefix('.'))}" for part in path.suffixes[-2:])
    return slug(path.name.partition(".")[0], "download") + ending


def _shown(url: str) -> str:
    """The URL without what may be secret: the sign-in and the query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _reason(error: Exception) -> str:
    """Why, in the system's own words where it has some."""
    reason = getattr(error, "reason", error)
    return getattr(reason, "strerror", None) or str(reason) or type(error).__name__


def _seen(target: Path) -> dict[str, str]:
    note = _note(target)
    if not target.exists() or not note.exists():
        return {}
    header, _, value = note.read_text("utf-8").partition("\n")
    return {header: value} if header else {}


def _note(target: Path) -> Path:
    return target.parent / ".validator"


def _save(response: Any, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    try:
        with part.open("wb") as file:
            _copy(response, file)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    known = [f"{ours}\n{response.headers[theirs]}" for theirs, ours in _VALIDATORS if response.headers[theirs]]
    _note(target).write_text(known[0] if known else "", "utf-8")


def _copy(response: Any, file: IO[bytes]) -> None:
    size = 0
    while chunk := response.read(1 << 20):
        size += len(chunk)
        if size > LARGEST:
            raise ValueError("larger than 4 GB")
        file.write(chunk)
    if size < int(response.headers.get("Content-Length") or 0):
        raise ValueError("broken off")
