"""docs/settings.md as text, made from the table: `python -m prosa.config.page > docs/settings.md`."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from prosa import locales
from prosa.config.table import Setting, table

_HEAD = """\
# Settings

Each setting can be given, from strongest to weakest, as a command-line option, as an environment variable, or in a
TOML file; else its default holds. What has no option of its own takes `--set NAME=VALUE`. The file is the one that
`--config FILE` or `PROSA_CONFIG` names, else your own: `~/.config/prosa/config.toml` on Linux,
`~/Library/Application Support/prosa/config.toml` on macOS, `%LOCALAPPDATA%\\prosa\\config.toml` on Windows. Unknown
names are refused, in the file, the environment (`PROSA_…`) and the options.

Sizes are bytes or like `"64 MB"` (1 MB = 1,048,576 bytes); times are seconds or like `"15 min"`; lists in the
environment are separated by commas. Relative paths in the file begin at the file's own folder.

```toml
locale = "pt-BR"

[server]
port = 9000
token = "a-secret-of-16-characters-or-more"

[runs]
run_time_limit = "5 min"

[sources]
sales = "data/sales/*.csv"
crm = "data/crm.sqlite"

[[users]]
name = "ana"
token_sha256 = "…"          # printf %s 'her-token' | sha256sum
groups = ["finance"]
```

This page is made from the settings table by `python -m prosa.config.page > docs/settings.md`.
"""


def markdown() -> str:
    """The whole page."""
    sections = groupby(table(), key=lambda row: row.section)
    return "\n".join([_HEAD, *(_section(name, list(rows)) for name, rows in sections)])


def _section(name: str, rows: list[Setting]) -> str:
    title = locales.text(f"settings.section_{name}")
    head = f"## `[{name}]` {title}" if name else f"## {title}"
    if rows[0].file_only:
        head = head.replace("[users]", "[[users]]")
        return f"{head}\n\n{locales.text(f'settings.{rows[0].name}')}\n"
    lines = [
        f"| `{row.name}` | {_default(row)} | `{row.env}` | {f'`{row.option}`' if row.option else ''} | {_help(row)} |"
        for row in rows
    ]
    return "\n".join(
        [head, "", "| name | default | environment | option | what it is |", "|---|---|---|---|---|", *lines, ""]
    )


def _help(row: Setting) -> str:
    bounds = ""
    if row.high is not None and row.low is not None:
        bounds = f" {row.low:g} to {row.high:g}."
    return locales.text(f"settings.{row.name}") + bounds


def _default(row: Setting) -> str:
    if row.default is None:
        return "your own folder"
    if row.default in ("", ()):
        return "none"
    return f"`{_written(row, row.default)}`"


def _written(row: Setting, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if row.unit == "bytes":
        return next(
            f"{value >> shift} {name}" for name, shift in (("GB", 30), ("MB", 20), ("KB", 10)) if value >> shift
        )
    if row.unit == "seconds":
        return f"{value / 60:g} min" if value >= 60 else f"{value:g} s"
    return str(value)


if __name__ == "__main__":
    print(markdown(), end="")
