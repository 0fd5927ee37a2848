"""Where a file comes from: in the words of a person, and in the fields of a program. Formats write it their own way."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from prosa import locales
from prosa.exports.options import Options


class Fact(NamedTuple):
    """One line about a file: its name, its label in the reader's language, and its value."""

    name: str
    label: str
    value: str | int


def facts(options: Options, rows: int) -> list[Fact]:
    """What a person wants to know about the file, in order. `rows` is what was written."""
    locale = options.locale
    found = options.provenance
    titled = found is None or options.title != found.question
    texts: list[tuple[str, str | int]] = [("title", options.title)] if titled else []
    if found is not None:
        texts += [
            ("question", found.question),
            ("sql", found.sql),
            ("source", found.source),
            ("run", found.run_id),
            ("time", found.at),
        ]
    texts.append(("rows", rows))
    if found is not None:
        texts += [
            ("complete", locales.text(f"exports.{'complete' if found.complete else 'incomplete'}", locale)),
            ("snapshot", locales.text(f"exports.{'held' if found.held else 'rerun'}", locale)),
            ("version", found.version),
        ]
    return [Fact(name, locales.text(f"exports.label_{name}", locale), value) for name, value in texts if value != ""]


def fields(options: Options) -> dict[str, Any]:
    """The provenance for programs; empty where there is none."""
    found = options.provenance
    if found is None:
        return {}
    return {name: getattr(found, name) for name in found.__struct_fields__}


def metadata(options: Options) -> dict[str, str]:
    """The provenance as the key-value pairs of Parquet and Arrow schemas, under `prosa`."""
    found = fields(options)
    return {"prosa": msgspec.json.encode(found).decode("utf-8")} if found else {}
