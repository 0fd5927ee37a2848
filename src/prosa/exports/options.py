"""How an export is written, as a typed value. Which formats there are stands in `formats`."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from prosa.errors import UsageError
from prosa.locales import PT, normalise
from prosa.results import Column, Provenance


class Options(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a writer is told; each format takes what concerns it.

    `raw` switches the guard against formulas off and stands for data that a program reads. `delimiter`, `decimal`,
    `line_end` and `bom` are CSV's; `null` is the text of a missing cell, `date_format` a strftime pattern for dates in
    text formats (empty: ISO 8601). `title` heads documents. `columns` renames the reader's columns and says how people
    read them; empty: the reader's own names.
    """

    locale: str = "en"
    raw: bool = False
    bom: bool = False
    delimiter: str = ","
    decimal: Literal[".", ","] = "."
    line_end: Literal["\r\n", "\n"] = "\r\n"
    null: str = ""
    date_format: str = ""
    title: str = ""
    columns: tuple[Column, ...] = ()
    provenance: Provenance | None = None


def personal(locale: str | None = None) -> dict[str, Any]:
    """The options of a file for a person: the byte order mark, by which Excel reads accents; for a Brazilian also the
    semicolon and the decimal comma. `locale` is None where the person gave none."""
    brazilian = {"delimiter": ";", "decimal": ","} if locale is not None and normalise(locale) == PT else {}
    return {"locale": normalise(locale), "bom": True, **brazilian}


def parse(values: Mapping[str, Any]) -> Options:
    """Options from plain values or the texts of a query string. UsageError: `export_option_unknown` with the names
    that exist, `export_option` with the option and what is possible."""
    kinds = _kinds()
    for name, value in values.items():
        if name not in kinds:
            raise UsageError("export_option_unknown", name=name, names=", ".join(kinds))
        _checked(name, value, kinds[name])
    options = msgspec.convert(dict(values), Options, strict=False)
    if len(options.delimiter) != 1 or options.delimiter in '"\r\n':
        raise UsageError("export_option", name="delimiter", got=repr(options.delimiter), possible="; , | \\t")
    if options.delimiter == options.decimal:
        raise UsageError("export_same_marks", mark=options.delimiter)
    return options


def _checked(name: str, value: Any, kind: Any) -> None:
    try:
        msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise UsageError("export_option", name=name, got=repr(value), possible=_possible(kind)) from error


def _kinds() -> dict[str, Any]:
    return typing.get_type_hints(Options)


def _possible(kind: Any) -> str:
    if typing.get_origin(kind) is Literal:
        return ", ".join(map(repr, typing.get_args(kind)))
    if kind is bool:
        return "true, false"
    named = typing.get_args(kind)[0] if isinstance(kind, types.UnionType) else kind
    return getattr(named, "__name__", str(named))
