"""From what a person wrote (TOML value, environment text, option) to a setting's value, or a clear ConfigError."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from prosa.config.table import Setting, User
from prosa.errors import ConfigError
from prosa.locales import normalise

_SCALES: dict[str, dict[str, float]] = {
    "bytes": {"": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40},
    "seconds": {"": 1, "ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400},
}
_AMOUNT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*")
_FLAGS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})|[a-zA-Z]{3,30}")
_FONT = re.compile(r"[\w ,'\"-]{0,200}")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def parse(row: Setting, raw: Any, where: str, folder: Path | None = None) -> Any:
    """`raw` as the value of a setting; `where` names its place to the person; relative paths begin at `folder`, or at
    the working folder. ConfigError."""
    if row.name == "locale" and isinstance(raw, str) and raw[:2].lower() in ("en", "pt"):
        return normalise(raw)
    if row.choices:
        return _choice(row, raw, where)
    if row.name == "sources":
        return {name: _from(folder, location) for name, location in _sources(row, raw, where).items()}
    if row.name == "users":
        return _users(row, raw, where)
    if row.name == "glossary" and raw:
        return str(Path(_from(folder, _path(row, raw, where))).absolute())
    if row.type is Path:
        return Path(_from(folder, _path(row, raw, where))).absolute()
    value = _PARSERS[row.type](row, raw, where)
    check = _CHECKS.get(row.name)
    if check is not None and not check(value):
        raise _wrong(row, where, f"config_{row.name}", got=raw)
    return value


def _wrong(row: Setting, where: str, code: str, **values: Any) -> ConfigError:
    return ConfigError(code, where=where, name=row.name, **values)


def _choice(row: Setting, raw: Any, where: str) -> str:
    if raw in row.choices:
        return str(raw)
    words = ", ".join(choice for choice in row.choices if choice)
    raise _wrong(row, where, "config_choice", got=raw, choices=words)


def _number(row: Setting, raw: Any, where: str) -> float:
    scales = _SCALES.get(row.unit, {"": 1})
    found = _AMOUNT.fullmatch(raw) if isinstance(raw, str) else None
    if found and found[2].lower() in scales:
        raw = float(found[1]) * scales[found[2].lower()]
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not _is_finite(raw):
        raise _wrong(row, where, f"config_not_{row.unit or 'number'}", got=raw)
    low, high = row.low, row.high
    if (low is not None and raw < low) or (high is not None and raw > high):
        raise _out_of_range(row, raw, where)
    return raw


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # TOML allows whole numbers that no float can hold
        return False


def _out_of_range(row: Setting, raw: float, where: str) -> ConfigError:
    got, low, high = (f"{bound:.15g}" if bound is not None else "" for bound in (raw, row.low, row.high))
    return _wrong(row, where, "config_range" if high else "config_low", got=got, low=low, high=high)


def _integer(row: Setting, raw: Any, where: str) -> int:
    value = _number(row, raw, where)
    if value != int(value):
        raise _wrong(row, where, "config_not_whole", got=raw)
    return int(value)


def _decimal(row: Setting, raw: Any, where: str) -> float:
    return float(_number(row, raw, where))


def _flag(row: Setting, raw: Any, where: str) -> bool:
    value = _FLAGS.get(raw.strip().lower()) if isinstance(raw, str) else raw
    if not isinstance(value, bool):
        raise _wrong(row, where, "config_not_flag", got=raw)
    return value


def _text(row: Setting, raw: Any, where: str) -> str:
    if not isinstance(raw, str):
        raise _wrong(row, where, "config_not_text", got="***" if row.secret else raw)
    return raw.strip()


def _path(row: Setting, raw: Any, where: str) -> str:
    text = str(raw) if isinstance(raw, Path) else _text(row, raw, where)
    if not text:
        raise _wrong(row, where, "config_not_text", got="")
    return text


def _from(folder: Path | None, location: str) -> str:
    """A location seen from a folder; URLs and absolute paths stay as they are."""
    if "://" in location:
        return location
    path = Path(location)
    with suppress(RuntimeError):  # there is no user of that name: what opens the path says that it is not there
        path = path.expanduser()
    return str(folder / path if folder is not None else path)


def _list(row: Setting, raw: Any, where: str) -> tuple[str, ...]:
    items = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(items, list | tuple):
        raise _wrong(row, where, "config_not_list", got=raw)
    return tuple(text for text in (_text(row, item, where) for item in items) if text)


def _sources(row: Setting, raw: Any, where: str) -> dict[str, str]:
    if not isinstance(raw, Mapping):
        raise _wrong(row, where, "config_sources")
    for name, location in raw.items():
        if not isinstance(location, str) or not location.strip():
            raise _wrong(row, f"{where} {name}".strip(), "config_sources")
    return dict(raw)


def _users(row: Setting, raw: Any, where: str) -> tuple[User, ...]:
    users = tuple(_user(row, entry, where) for entry in raw) if isinstance(raw, list | tuple) else ()
    if raw and not users:
        raise _wrong(row, where, "config_users")
    seen = [user.token_sha256 for user in users]
    if len(set(seen)) < len(seen):
        raise _wrong(row, where, "config_users_same")
    return users


def _user(row: Setting, entry: Any, where: str) -> User:
    if isinstance(entry, User):
        return entry
    fields = entry if isinstance(entry, dict) else {}
    name, digest, groups = fields.get("name"), fields.get("token_sha256"), fields.get("groups", [])
    sound = isinstance(name, str) and bool(name.strip()) and isinstance(digest, str) and bool(_SHA256.fullmatch(digest))
    if not sound or not set(fields) <= {"name", "token_sha256", "groups"} or not _texts(groups):
        raise _wrong(row, where, "config_users")
    return User(str(name), str(digest).lower(), tuple(groups))


def _texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) and item for item in value)


def _network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and parts.path in ("", "/")


_PARSERS: dict[Any, Callable[[Setting, Any, str], Any]] = {
    bool: _flag,
    float: _decimal,
    int: _integer,
    str: _text,
    tuple[str, ...]: _list,
}

_CHECKS: dict[str, Callable[[Any], object]] = {
    "host": bool,
    "token": lambda token: not token or len(token) >= 16,
    "trusted_proxy": lambda networks: all(map(_network, networks)),
    "chart_colors": lambda colours: all(map(_COLOUR.fullmatch, colours)),
    "chart_font": _FONT.fullmatch,
    "chart_logo": lambda logo: len(logo) <= 120,
    "allowed_origins": lambda origins: all(map(_origin, origins)),
}
