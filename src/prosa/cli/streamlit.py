"""`prosa streamlit SOURCE…`: the Streamlit app, until Ctrl-C."""

from __future__ import annotations

import argparse
import importlib.util
import secrets
import sys
import tempfile
from pathlib import Path

from prosa import locales
from prosa.cli import given
from prosa.cli.parser import Parser
from prosa.cli.serve import announce
from prosa.config import Settings
from prosa.errors import UsageError

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def add_arguments(parser: Parser) -> None:
    parser.places.add_argument("words", nargs="*", metavar="SOURCE", help=parser.words("help_places"))
    parser.settings("--lang", "--model", "--model-url", "--host", "--port", "--token", "--no-auth", "--no-browser")


def run(arguments: argparse.Namespace) -> int:
    """0 after Ctrl-C; every ProsaError is the caller's to tell."""
    if importlib.util.find_spec("streamlit") is None:
        raise UsageError("streamlit_missing")
    settings = given.settings(arguments)
    if not settings.auth and settings.host not in _LOOPBACK:
        raise UsageError("exposed_open", host=settings.host)
    with tempfile.TemporaryDirectory(prefix="prosa-") as folder:
        return _served(settings, arguments, Path(folder))


def _served(settings: Settings, arguments: argparse.Namespace, folder: Path) -> int:
    from prosa import demo
    from prosa.streamlit import launch

    locale = settings.locale or arguments.spoken
    sources, examples = given.sources(arguments.words, folder), {}
    if not sources and not settings.sources and not settings.url:
        print(locales.text("cli.making_demo", locale), file=sys.stderr)
        demo.make(settings.data_dir / "demo")
        sources = ((demo.NAME, str(settings.data_dir / "demo")), (demo.PAPERS, str(demo.DOCUMENTS)))
        examples = {each: demo.examples(each) for each in locales.LOCALES}
    token = (settings.token or secrets.token_urlsafe(32)) if settings.auth and not settings.url else ""
    started = launch.Launch(settings, sources, examples, token)
    launch.run(started, lambda link: announce(link, settings, locale, examples.get(locale, ())))
    print(f"\n{locales.text('cli.stopped', locale)}", file=sys.stderr)
    return 0
