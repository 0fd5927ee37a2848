"""The command line's grammar in the person's language: headings, usage and mistakes, and options from the settings."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from prosa import config, locales
from prosa.errors import UsageError

_MISTAKES = (
    (r"unrecognized arguments: (?P<got>\S+).*", "cli_unknown"),
    (r"argument (?P<option>[^:]+): expected .+", "cli_no_value"),
    (r"argument (?P<option>[^:]+): ignored explicit argument .+", "cli_no_value_wanted"),
    (r"argument (?P<option>[^:]+): invalid choice: '?(?P<got>.*?)'? \(choose from .+\)", "cli_choice"),
    (r"the following arguments are required: (?P<what>.+)", "cli_required"),
)
"""What argparse says, and the sentence of ours for it."""


class Parser(argparse.ArgumentParser):
    """An argparse parser whose own words come from the locales. A mistake is a UsageError."""

    def __init__(self, locale: str, name: str, prog: str) -> None:
        super().__init__(
            prog=prog,
            usage=locales.text(f"cli.usage_{name}", locale),
            description=locales.text(f"cli.about_{name}", locale),
            epilog=locales.text(f"cli.epilog_{name}", locale, default=None),
            formatter_class=lambda prog: _Formatter(prog, locale),
            add_help=False,
            allow_abbrev=False,
        )
        self.locale = locale
        self.places = self.add_argument_group(locales.text("cli.arguments", locale))
        self.options = self.add_argument_group(locales.text("cli.options", locale))
        self.options.add_argument("-h", "--help", action="help", help=self.words("help_help"))

    def words(self, key: str) -> str:
        """A text of this command line; `%` is argparse's own sign."""
        return locales.text(f"cli.{key}", self.locale).replace("%", "%%")

    def option(self, *flags: str, **arguments: Any) -> None:
        """An option of the command itself; its help stands under `help_<name>`."""
        key = flags[-1].removeprefix("--").replace("-", "_")
        self.options.add_argument(*flags, help=self.words(f"help_{key}"), **arguments)

    def settings(self, *flags: str) -> None:
        """The settings' own options, `--set` for all others, and `--config`."""
        for flag in flags:
            self._setting(config.by_option()[flag])
        self.options.add_argument(
            "--set",
            metavar="NAME=VALUE",
            action=_OtherSetting,
            default={},
            dest="settings",
            help=self.words("help_set"),
        )
        self.option("--config", metavar="FILE")

    def _setting(self, row: config.Setting) -> None:
        words = locales.text(f"settings.{row.name}", self.locale)
        if row.type is bool:
            words = locales.text(f"cli.help_no_{row.name}", self.locale)
        arguments = {"nargs": 0} if row.type is bool else {"metavar": row.option.removeprefix("--").upper()}
        self.options.add_argument(
            row.option, action=_OneSetting, default={}, dest="settings", help=words.replace("%", "%%"), **arguments
        )

    def error(self, message: str) -> NoReturn:
        """argparse's mistake in our words, with the nearest option where one was not known."""
        for pattern, code in _MISTAKES:
            found = re.fullmatch(pattern, message, re.DOTALL)
            if found:
                values = {name: value.strip("'") for name, value in found.groupdict().items()}
                raise UsageError(code, prog=self.prog, near=_nearest(values.get("got", ""), self._known()), **values)
        raise UsageError("usage", what=message)

    def _known(self) -> Iterable[str]:
        for action in self._actions:
            yield from action.option_strings
            yield from action.choices or ()


def _nearest(word: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(word.partition("=")[0], list(known), n=1, cutoff=0.0)), "--help")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str, locale: str) -> None:
        super().__init__(prog, max_help_position=26)
        self._usage = locales.text("cli.usage", locale)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, prefix if prefix is not None else f"{self._usage}: ")


class _OneSetting(argparse.Action):
    """Collects a setting under its option, so that a mistake in it names the option."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        value = False if self.nargs == 0 else values
        namespace.settings = {**namespace.settings, self.option_strings[0]: value}


class _OtherSetting(argparse.Action):
    """Collects `NAME=VALUE`."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        name, equals, value = str(values).partition("=")
        if not equals:
            raise UsageError("cli_set", got=values)
        namespace.settings = {**namespace.settings, name.strip(): value.strip()}
