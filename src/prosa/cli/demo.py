"""`prosa demo`: the demo data and the page over it."""

from __future__ import annotations

import argparse
import sys

from prosa import locales
from prosa.cli import given
from prosa.cli.parser import Parser
from prosa.cli.serve import add_server_settings, served


def add_arguments(parser: Parser) -> None:
    add_server_settings(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 after Ctrl-C; every ProsaError is the caller's to tell."""
    from prosa import demo

    settings = given.settings(arguments)
    locale = settings.locale or arguments.spoken
    print(locales.text("cli.making_demo", locale), file=sys.stderr)
    folder = settings.data_dir / "demo"
    demo.make(folder)
    examples = {each: demo.examples(each) for each in locales.LOCALES}
    return served(settings, ((demo.NAME, str(folder)), (demo.PAPERS, str(demo.DOCUMENTS))), locale, examples)
