"""`prosa eval SUITE…`: how many questions of a suite are answered right. The work is `prosa.evaluation`'s."""

from __future__ import annotations

import argparse

from prosa.cli import given
from prosa.cli.parser import Parser


def add_arguments(parser: Parser) -> None:
    from prosa.evaluation import command

    command.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """The exit code of the evaluation."""
    from prosa.evaluation import command

    return command.run(arguments, given.settings(arguments))
