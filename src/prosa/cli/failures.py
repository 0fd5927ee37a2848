"""How a command ends badly: one sentence and a hint on standard error, details in the log file, an exit code."""

from __future__ import annotations

import logging
import os
import sys
from typing import NoReturn

from prosa import locales
from prosa.cli.terminal.cells import clean
from prosa.config import Settings, read
from prosa.errors import ConfigError, ProsaError, UsageError

USAGE, ASKED_BACK, FAILED, STOPPED, UNREAD = 2, 3, 4, 130, 141

EXIT_CODES = {"answered": 0, "clarify": ASKED_BACK, "refused": ASKED_BACK, "failed": FAILED, "cancelled": STOPPED}
"""The exit code of each status of an answer."""

_GIVEN_WRONG = frozenset({"source_missing", "pattern_empty"})
"""Codes that are no UsageError, but in a command line come from a slip of the keyboard."""

_logger = logging.getLogger("prosa")
_MOST_LOG = 1 << 20


def told(error: ProsaError, locale: str) -> int:
    """Says what happened and what to do."""
    say(error.sentence(locale), details(locale) if error.code == "internal" else error.hint(locale), locale)
    return USAGE if isinstance(error, UsageError) or error.code in _GIVEN_WRONG else FAILED


def say(sentence: str, hint: str, locale: str) -> None:
    """An error as people see it."""
    print(f"{locales.text('cli.error', locale)}: {clean(sentence)}", file=sys.stderr)
    if hint:
        print(f"  {clean(hint)}", file=sys.stderr)


def stopped(locale: str) -> None:
    """Says that Ctrl-C was heard."""
    print(f"\n{locales.text('cli.stopped', locale)}", file=sys.stderr)


def end_now(locale: str) -> NoReturn:
    """Says so and ends the process: what was cut off in the middle of closing would only complain at its own end."""
    stopped(locale)
    sys.stderr.flush()
    os._exit(STOPPED)


def unexpected(error: Exception, locale: str) -> int:
    """Logs a mistake of ours and says where its details are."""
    if not _logger.handlers:
        log_to_file(_readable_settings())
    _logger.error("unexpected error", exc_info=error)
    say(locales.text("errors.internal", locale), details(locale), locale)
    return FAILED


def details(locale: str) -> str:
    """Where the details of a mistake of ours are; empty where they go to no file."""
    file = next((one.baseFilename for one in _logger.handlers if isinstance(one, logging.FileHandler)), None)
    return locales.text("cli.details", locale, file=file) if file is not None else ""


def _readable_settings() -> Settings:
    try:
        return read()
    except ConfigError:
        return Settings()


def log_to_file(settings: Settings) -> None:
    """Sends what the parts log to a file, or with `debug` to standard error. A folder that can't be written is no
    reason to fail: then nothing is logged."""
    handler: logging.Handler = logging.StreamHandler()
    if not settings.debug:
        path = settings.data_dir / "prosa.log"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            mode = "w" if path.exists() and path.stat().st_size > _MOST_LOG else "a"
            handler = logging.FileHandler(path, mode, encoding="utf-8", delay=mode == "a")
        except OSError:
            handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for before in _logger.handlers:
        before.close()
    for logger in (_logger, logging.getLogger("asyncio")):
        logger.handlers, logger.propagate = [handler], False
