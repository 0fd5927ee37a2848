"""Reads settings once: option over environment over file over default; what is unknown is refused by name."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from prosa.config.table import Setting, Settings, by_name, by_option, table
from prosa.config.values import parse
from prosa.errors import ConfigError
from prosa.locales import normalise

FILE_VARIABLE = "PROSA_CONFIG"
"""The environment variable that names the settings file where no `--config` does."""


def read(
    options: Mapping[str, Any] | None = None,
    *,
    file: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of this process. `options` come by name (`port`) or command-line option
    (`--port`); `file` is a TOML file, else `PROSA_CONFIG` or the
    person's own `config.toml` where there is one. ConfigError names the place and the key."""
    variables = os.environ if environ is None else environ
    values = _from_file(_file(file, variables))
    values |= _from_environment(variables)
    values |= _from_options(options or {})
    return Settings(**values)


def system_locale(environ: Mapping[str, str] | None = None) -> str:
    """The supported locale nearest to the one that the system speaks (POSIX `LC_ALL`, `LC_MESSAGES`, `LANG`)."""
    variables = os.environ if environ is None else environ
    tags = (variables.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return normalise(next(filter(None, tags), None))


def own_file() -> Path:
    """Where a person's own settings file lies on this system."""
    from platformdirs import user_config_path

    return user_config_path("prosa", appauthor=False) / "config.toml"


def _file(given: Path | None, environ: Mapping[str, str]) -> Path | None:
    named = given or (Path(environ[FILE_VARIABLE]).expanduser() if environ.get(FILE_VARIABLE) else None)
    if named is not None:
        return named
    own = own_file()
    return own if own.is_file() else None


def _from_options(options: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, raw in options.items():
        row = by_name().get(name) or by_option().get(name)
        if row is None:
            raise _unknown(name, name, by_name())
        values[row.name] = parse(row, raw, name)
    return values


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    rows = {row.env: row for row in table() if not row.file_only}
    values: dict[str, Any] = {}
    for variable in sorted(name for name in environ if name.startswith("PROSA_") and name != FILE_VARIABLE):
        row = rows.get(variable)
        if row is None:
            raise _unknown(variable, variable, [*rows, FILE_VARIABLE])
        values[row.name] = parse(row, environ[variable], variable)
    return values


def _from_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    text = _text(path)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError("config_toml", file=path, problem=str(error)) from error
    folder = path.absolute().parent
    return {row.name: parse(row, raw, _place(path, text, row), folder) for row, raw in _rows(path, text, document)}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError("config_missing", file=path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("config_unreadable", file=path) from error


def _rows(path: Path, text: str, document: dict[str, Any]) -> Iterator[tuple[Setting, Any]]:
    """The settings of a document. Tables that are settings themselves (`[sources]`, `[[users]]`) come whole."""
    sections = {row.section for row in table() if row.section}
    whole = {row.name: row for row in table() if row.file_only}
    for key, value in document.items():
        if key in whole:
            yield whole[key], value
        elif key in sections and isinstance(value, dict):
            for inner, raw in value.items():
                yield _row(path, text, key, inner), raw
        else:
            yield _row(path, text, "", key), value


def _row(path: Path, text: str, section: str, key: str) -> Setting:
    row = by_name().get(key)
    if row is not None and row.section == section:
        return row
    where = f"{path}:{_line(text, section, key)}"
    if row is not None:
        raise ConfigError(
            "config_section" if row.section else "config_section_top", where=where, name=key, section=row.section
        )
    near = {row.name for row in table() if row.section == section} | ({r.section for r in table()} - {""})
    raise _unknown(key, where, near)


def _unknown(name: str, where: str, known: Iterable[str]) -> ConfigError:
    near = difflib.get_close_matches(name, list(known) or [""], n=1, cutoff=0.0)[0]
    return ConfigError("config_unknown", name=name, where=where, nearest=near)


def _place(path: Path, text: str, row: Setting) -> str:
    return f"{path}:{_line(text, '' if row.file_only else row.section, row.name)}"


def _line(text: str, section: str, key: str) -> int:
    """The line, from 1, where a key or table of a valid TOML text begins; the first line where it can't be told."""
    current = ""
    header, assigned = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+"), re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""")
    for number, line in enumerate(text.splitlines(), 1):
        found = header.match(line)
        if found:
            current = found[1].strip("\"'")
            if not section and current == key:
                return number
        elif current == section and assigned.match(line):
            return number
    return 1
