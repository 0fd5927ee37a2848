"""All commands, and which one is meant. What they do lives in their own files."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Sequence
from importlib import import_module

import prosa
from prosa import config
from prosa.cli.parser import Parser
from prosa.errors import UsageError
from prosa.locales import normalise

COMMANDS = {
    "demo": "prosa.cli.demo",
    "ask": "prosa.cli.ask",
    "export": "prosa.cli.export",
    "serve": "prosa.cli.serve",
    "mcp": "prosa.cli.mcp",
    "streamlit": "prosa.cli.streamlit",
    "sources": "prosa.cli.sources",
    "eval": "prosa.cli.eval",
    "doctor": "prosa.cli.doctor",
}
"""Each module has `add_arguments(parser)` and `run(arguments) -> int`."""


def spoken(words: Sequence[str]) -> str:
    """The language of the command line's own words: `--lang`, then the environment's."""
    for word, following in zip(words, [*words, ""][1:], strict=True):
        if word == "--lang" or word.startswith("--lang="):
            return normalise(word.partition("=")[2] or following)
    return config.system_locale()


def run(words: Sequence[str], locale: str) -> int:
    """The exit code of the command that the words name. UsageError where they name none."""
    top = _top(locale)
    named = top.parse_args(words)
    if named.command is None:
        top.print_help(sys.stderr)
        return 2
    if named.command not in COMMANDS:
        near = difflib.get_close_matches(named.command, COMMANDS, n=1, cutoff=0.0)[0]
        raise UsageError("cli_command", got=named.command, near=near)
    module = import_module(COMMANDS[named.command])
    parser = Parser(locale, named.command, f"prosa {named.command}")
    module.add_arguments(parser)
    before = ["--lang", named.lang] if named.lang else []
    arguments = parser.parse_intermixed_args([*before, *named.rest], argparse.Namespace(spoken=locale))
    code: int = module.run(arguments)
    return code


def _top(locale: str) -> Parser:
    top = Parser(locale, "prosa", "prosa")
    top.places.add_argument("command", nargs="?", help=argparse.SUPPRESS)
    top.places.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    top.option("--lang", metavar="LANG")
    top.options.add_argument("--version", action="version", version=f"prosa {prosa.__version__}")
    return top
