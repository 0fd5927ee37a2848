"""`prosa serve SOURCE…`: the page and the HTTP API, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from prosa import locales
from prosa.cli import given
from prosa.cli.parser import Parser
from prosa.errors import UsageError

if TYPE_CHECKING:
    from prosa.app.locations import Pairs
    from prosa.config import Settings

Examples = Mapping[str, tuple[str, ...]]


def add_arguments(parser: Parser) -> None:
    parser.places.add_argument("words", nargs="*", metavar="SOURCE", help=parser.words("help_places"))
    add_server_settings(parser)


def add_server_settings(parser: Parser) -> None:
    """The options that `serve` and `demo` share."""
    parser.settings(
        "--lang", "--model", "--model-url", "--glossary", "--host", "--port", "--token", "--no-auth", "--no-browser"
    )
    parser.option("--workers", metavar="N", default="1", type=_one_process)


def _one_process(given: str) -> str:
    """Runs and their logs live in one process; a second one would not know them."""
    if given != "1":
        raise UsageError("one_process", count=given)
    return given


def run(arguments: argparse.Namespace) -> int:
    """0 after Ctrl-C; every ProsaError is the caller's to tell."""
    settings = given.settings(arguments)
    with tempfile.TemporaryDirectory(prefix="prosa-") as folder:
        sources = given.sources(arguments.words, Path(folder))
        return served(settings, sources, settings.locale or arguments.spoken)


def served(settings: Settings, sources: Pairs, locale: str, examples: Examples = MappingProxyType({})) -> int:
    """Serves until Ctrl-C; says where, and opens the page. ConfigError, UsageError, StorageError."""
    from prosa.app import Desk
    from prosa.server import serve

    def ready(link: str) -> None:
        announce(link, settings, locale, examples.get(locale, ()), once="?token=" in link)

    # pyarrow would load pandas with its first value, where it is installed: two seconds for which somebody's first file
    # waits. Nobody gives a data frame to a process that only serves.
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]
    serve.run(Desk(settings, sources, keep=True), on_ready=ready, examples=examples)
    print(f"\n{locales.text('cli.stopped', locale)}", file=sys.stderr)
    return 0


def announce(link: str, settings: Settings, locale: str, examples: Sequence[str], *, once: bool = False) -> None:
    """Says where the page is (by a link that works `once`), and opens it."""
    print(locales.text("cli.open_once" if once else "cli.open", locale, link=link))
    if not settings.auth:
        print(locales.text("cli.no_auth", locale))
    if examples:
        print("\n".join([locales.text("cli.try", locale), *(f"  {question}" for question in examples)]))
    print(locales.text("cli.ctrl_c", locale), flush=True)
    if settings.browser and _has_browser():
        import webbrowser

        threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()


def _has_browser() -> bool:
    """Whether there is a screen: without one, a browser of letters would take this terminal."""
    return os.name == "nt" or sys.platform == "darwin" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())
