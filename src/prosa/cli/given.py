"""What was given on the command line or on standard input: which words are sources, and which are the question."""

from __future__ import annotations

import argparse
import glob
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from prosa import config
from prosa.app.locations import Pairs, at_home, is_url, named
from prosa.cli import failures
from prosa.errors import SourceError, UsageError

_NAMED = re.compile(r"([\w-]+)=(.+)", re.DOTALL)
_LIKE_A_FILE = re.compile(r"\S*\.[A-Za-z][A-Za-z0-9]{0,8}")
_BYTES_A_LETTER = 4
_MOST_DIGITS = 100


def settings(arguments: argparse.Namespace) -> config.Settings:
    """The settings of this command; from here on, what is logged goes to the log file. ConfigError."""
    options = dict(arguments.settings)
    if "--timeout" in options:
        options["statement_time_limit"] = options["--timeout"]
    found = config.read(options, file=Path(arguments.config) if arguments.config else None)
    failures.log_to_file(found)
    return found


def divided(words: Sequence[str], *, sources_known: bool) -> tuple[list[str], str | None]:
    """The sources that come first and the question that follows. The first word is always a source, except where the
    settings have some and it does not look like one."""
    count = 0
    while count < len(words) and (_is_place(words[count]) or (count == 0 and not sources_known)):
        count += 1
    return list(words[:count]), " ".join(words[count:]) or None


def _is_place(word: str) -> bool:
    found = _NAMED.fullmatch(word)
    if found and not _exists(word):
        word = found[2]
    return is_url(word) or _exists(word) or bool(_LIKE_A_FILE.fullmatch(word)) or bool(glob.glob(word))


def _exists(word: str) -> bool:
    try:
        return at_home(word).exists()
    except (OSError, ValueError):  # longer than a path can be, or with a NUL
        return False


def sources(words: Sequence[str], folder: Path) -> Pairs:
    """The sources by name, `name=path` or by their own. UsageError, SourceError for a file that is not there."""
    given = [_source(word) for word in words]
    return named(given, folder) if given else ()


def _source(word: str) -> str | dict[str, str]:
    found = _NAMED.fullmatch(word) if not _exists(word) else None
    place = found[2] if found else word
    if not (is_url(place) or _exists(place) or set("*?[") & set(place)):
        raise SourceError("source_missing", name=place)
    return {found[1]: place} if found else place


def question_from_input(most: int) -> str:
    """The question on standard input, at most `most` characters and one more."""
    if sys.stdin is None:
        return ""
    raw = sys.stdin.buffer.read(most * _BYTES_A_LETTER + 1)
    try:
        return raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace").strip()


def day(text: str | None) -> date | None:
    """A date as ISO 8601 writes it. UsageError."""
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise UsageError("as_of", got=text) from None


def rows(text: str | None) -> int | None:
    """A number of rows. UsageError."""
    if text is None:
        return None
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise UsageError("cli_limit", got=text)
    return int(text)
