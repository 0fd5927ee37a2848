"""`prosa mcp SOURCE…`: our tools for a program that starts us and speaks the Model Context Protocol on our stdin."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from prosa.cli import given
from prosa.cli.parser import Parser


def add_arguments(parser: Parser) -> None:
    parser.places.add_argument("words", nargs="*", metavar="SOURCE", help=parser.words("help_places"))
    parser.settings("--lang", "--analyst", "--model", "--model-url", "--timeout")


def run(arguments: argparse.Namespace) -> int:
    """0 when the client has closed its end; every ProsaError is the caller's to tell, on stderr."""
    from prosa.server.mcp import stdio

    settings = given.settings(arguments)
    with tempfile.TemporaryDirectory(prefix="prosa-") as folder:
        asyncio.run(stdio.serve(settings, given.sources(arguments.words, Path(folder))))
    return 0
