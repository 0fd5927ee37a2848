"""The one table of settings: every field of `Settings` with its type, default, range and TOML section.

TOML, environment, options and docs/settings.md derive from it. Nothing is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from prosa.analysts.sure import SURE

Unit = Literal["", "bytes", "seconds"]


class Setting(msgspec.Struct, frozen=True):
    """A row of the table. `section` is the TOML table ("" for the top level); `option` its own command-line option;
    `low` and `high` bound numbers; `unit` lets sizes and times be written as "64 MB" and "15 min"; a `secret` is never
    shown; `file_only` settings are tables in the TOML file. `name`, `type` and `default` come from the field of
    `Settings`; the help for people stands in `locales/*/settings.toml` under the name."""

    section: str = ""
    option: str = ""
    low: float | None = None
    high: float | None = None
    unit: Unit = ""
    secret: bool = False
    file_only: bool = False
    name: str = ""
    type: Any = str
    default: Any = None

    @property
    def env(self) -> str:
        """The environment variable that sets it."""
        return f"PROSA_{self.name.upper()}"

    @property
    def choices(self) -> tuple[str, ...]:
        """The words allowed, where only some are."""
        return get_args(self.type) if get_origin(self.type) is Literal else ()


class User(msgspec.Struct, frozen=True):
    """Somebody with a token: only its SHA-256 is known here, as 64 hexadecimal digits."""

    name: str
    token_sha256: str
    groups: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"User({self.name!r}, groups={self.groups!r})"


def _data_dir() -> Path:
    from platformdirs import user_data_path

    return user_data_path("prosa", appauthor=False)


def _cache_dir() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("prosa", appauthor=False)


def _size(section: str, low: int = 1 << 10) -> Setting:
    return Setting(section, low=low, unit="bytes")


def _time(section: str, option: str = "") -> Setting:
    return Setting(section, option, low=0.1, unit="seconds")


MB, GB = 1 << 20, 1 << 30

Analyst = Literal["auto", "rules", "llm"]
Tracing = Literal["off", "otlp", "console"]
ModelSees = Literal["schema", "aggregates", "preview"]
Locale = Literal["", "en", "pt-BR"]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that can be set. Sizes are in bytes, times in seconds. `read` makes one from file and environment."""

    locale: Annotated[Locale, Setting(option="--lang")] = ""
    analyst: Annotated[Analyst, Setting(option="--analyst")] = "auto"
    glossary: Annotated[str, Setting(option="--glossary")] = ""
    data_dir: Annotated[Path, Setting()] = msgspec.field(default_factory=_data_dir)
    cache_dir: Annotated[Path, Setting()] = msgspec.field(default_factory=_cache_dir)
    debug: Annotated[bool, Setting()] = False
    url: Annotated[str, Setting()] = ""

    host: Annotated[str, Setting("server", "--host")] = "127.0.0.1"
    port: Annotated[int, Setting("server", "--port", low=0, high=65535)] = 8765
    token: Annotated[str, Setting("server", "--token", secret=True)] = ""
    auth: Annotated[bool, Setting("server", "--no-auth")] = True
    browser: Annotated[bool, Setting("server", "--no-browser")] = True
    allowed_origins: Annotated[tuple[str, ...], Setting("server")] = ()
    allowed_hosts: Annotated[tuple[str, ...], Setting("server")] = ()
    trusted_proxy: Annotated[tuple[str, ...], Setting("server")] = ()
    max_body: Annotated[int, _size("server")] = 1 * MB
    max_upload: Annotated[int, _size("server")] = 200 * MB
    heartbeat: Annotated[float, _time("server")] = 15.0
    send_timeout: Annotated[float, _time("server")] = 20.0

    run_time_limit: Annotated[float, _time("runs", "--timeout")] = 120.0
    statement_time_limit: Annotated[float, _time("runs")] = 30.0
    runs_per_user: Annotated[int, Setting("runs", low=1)] = 4
    runs_total: Annotated[int, Setting("runs", low=1)] = 32
    runs_waiting: Annotated[int, Setting("runs", low=0)] = 100
    question_length: Annotated[int, Setting("runs", low=1)] = 8_000

    snapshot_cap: Annotated[int, _size("results", low=0)] = 64 * MB
    page_rows: Annotated[int, Setting("results", low=1, high=10_000)] = 100
    preview_rows: Annotated[int, Setting("results", low=1, high=1_000)] = 50
    preview_chars: Annotated[int, Setting("results", low=20)] = 200

    store_file: Annotated[int, _size("store")] = 100 * MB
    store_user: Annotated[int, _size("store")] = 256 * MB
    store_total: Annotated[int, _size("store")] = 1 * GB
    store_age: Annotated[float, _time("store")] = 1800.0

    chart_colors: Annotated[tuple[str, ...], Setting("charts")] = ()
    chart_font: Annotated[str, Setting("charts")] = ""
    chart_logo: Annotated[str, Setting("charts")] = ""

    log_bytes: Annotated[int, _size("log")] = 4 * MB
    log_entries: Annotated[int, Setting("log", low=100)] = 10_000
    log_total: Annotated[int, _size("log")] = 256 * MB
    log_age: Annotated[float, _time("log")] = 900.0

    worker_memory: Annotated[int, _size("workers", low=64 * MB)] = 1 * GB
    worker_threads: Annotated[int, Setting("workers", low=0)] = 0
    worker_questions: Annotated[int, Setting("workers", low=1, high=256)] = 2
    worker_exports: Annotated[int, Setting("workers", low=1, high=256)] = 2
    worker_kill_after: Annotated[float, _time("workers")] = 1.0

    document_size: Annotated[int, _size("documents")] = 50 * MB
    document_pages: Annotated[int, Setting("documents", low=1)] = 2_000
    document_expanded: Annotated[int, _size("documents")] = 500 * MB
    document_ratio: Annotated[int, Setting("documents", low=2)] = 100
    document_time_limit: Annotated[float, _time("documents")] = 120.0

    picture_time_limit: Annotated[float, _time("pictures")] = 20.0
    picture_queue: Annotated[int, Setting("pictures", low=0, high=1_000)] = 16
    picture_size: Annotated[int, Setting("pictures", low=100, high=16_000)] = 4_000

    model: Annotated[str, Setting("model", "--model")] = ""
    model_url: Annotated[str, Setting("model", "--model-url")] = ""
    model_sees: Annotated[ModelSees, Setting("model")] = "preview"
    model_sure: Annotated[float, Setting("model", low=0.0, high=1.0)] = SURE
    model_requests: Annotated[int, Setting("model", low=1)] = 8
    model_tool_calls: Annotated[int, Setting("model", low=0)] = 12
    model_repairs: Annotated[int, Setting("model", low=0)] = 3
    model_tokens: Annotated[int, Setting("model", low=1_000)] = 60_000
    model_time: Annotated[float, _time("model")] = 60.0

    tracing: Annotated[Tracing, Setting("tracing")] = "off"
    tracing_content: Annotated[bool, Setting("tracing")] = False

    sources: Annotated[Mapping[str, str], Setting("sources", secret=True, file_only=True)] = {}
    users: Annotated[tuple[User, ...], Setting("users", secret=True, file_only=True)] = ()

    def __repr__(self) -> str:
        values = ((row, getattr(self, row.name)) for row in table())
        changed = ((row, value) for row, value in values if value != row.default)
        return f"Settings({', '.join(f'{row.name}={_shown(row, value)}' for row, value in changed)})"


def _shown(row: Setting, value: Any) -> str:
    return "***" if row.secret else str(value)


@cache
def table() -> tuple[Setting, ...]:
    """All settings in the order they are documented."""
    hints = get_type_hints(Settings, include_extras=True)
    rows: list[Setting] = []
    for field in msgspec.structs.fields(Settings):
        kind, row = get_args(hints[field.name])
        rows.append(msgspec.structs.replace(row, name=field.name, type=kind, default=_default(field)))
    return tuple(rows)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    """None for the folders, which differ from one person and system to another."""
    if field.default is not msgspec.NODEFAULT:
        return field.default
    return {} if field.default_factory is dict else None


@cache
def by_name() -> dict[str, Setting]:
    """The table by the settings' names."""
    return {row.name: row for row in table()}


@cache
def by_option() -> dict[str, Setting]:
    """The settings that have a command-line option of their own, by that option."""
    return {row.option: row for row in table() if row.option}
