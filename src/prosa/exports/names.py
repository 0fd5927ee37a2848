"""File names that are safe on every system, and the header that carries them.

A name is `{slug}_{YYYYMMDD_HHMMSS}.{ext}`: letters, digits, `-` and `_` of any script; no path, control, quote or
direction-changing character passes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from datetime import datetime
from typing import NewType
from urllib.parse import quote

FileName = NewType("FileName", str)
"""A name that `file_name` has made or `safe` has checked."""

_LONGEST_SLUG = 120
"""In bytes of UTF-8: file systems take names of 255."""

_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})


def file_name(slug: str, extension: str, at: datetime | None = None, *, taken: Container[str] = ()) -> FileName:
    """The name for a new file; a number follows where it is `taken` already. `at` is the local time now."""
    moment = (at or datetime.now()).strftime("%Y%m%d_%H%M%S")
    stem = f"{slugged(slug)}_{moment}"
    ending = f".{slugged(extension)}"
    name, number = stem + ending, 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}{ending}"
    return FileName(name)


def slugged(text: str, default: str = "export") -> str:
    """The words of a text, joined by underscores, in their own letters; `default` where nothing is left."""
    kept = "".join(sign if _plain(sign) else " " for sign in unicodedata.normalize("NFC", text))
    slug = "_".join(kept.split()).encode()[:_LONGEST_SLUG].decode(errors="ignore").strip("_-")
    return f"{slug}_" if slug.casefold() in _RESERVED else slug or default


def _plain(sign: str) -> bool:
    return sign in "-_" or unicodedata.category(sign) in ("Ll", "Lu", "Lt", "Lo", "Lm", "Nd", "Mn", "Mc")


def ascii_name(name: str) -> str:
    """The nearest name in ASCII, for readers of old headers."""
    apart = unicodedata.normalize("NFKD", name)
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    kept = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in plain)
    return kept.lstrip(".") or "export"


def attachment(name: FileName) -> str:
    """A `Content-Disposition` value: the ASCII name, and the real one as RFC 5987 writes it where they differ."""
    fallback = ascii_name(name)
    value = f'attachment; filename="{fallback}"'
    return value if fallback == name else f"{value}; filename*=UTF-8''{quote(name, safe='')}"
