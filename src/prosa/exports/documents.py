"""Cells as people read them in documents (HTML, Markdown): the locale's decimal mark and words, percentages."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as t

from prosa import locales
from prosa.exports.options import Options
from prosa.exports.texts import text
from prosa.results import Column

_PERCENT_PLACES = 2


def people(column: pa.Array, about: Column, options: Options) -> pa.Array:
    """A string column, null where the value is. Every digit is kept, but for percentages."""
    if t.is_boolean(column.type):
        yes, no = (locales.text(f"exports.{word}", options.locale) for word in ("yes", "no"))
        return pc.if_else(column, yes, no)
    if not (t.is_floating(column.type) or t.is_decimal(column.type)):
        return text(column, date_format=options.date_format)
    written = _percent(column) if about.format == "percent" else text(column)
    comma = options.decimal == "," or locales.normalise(options.locale) == locales.PT
    return pc.replace_substring(written, ".", ",") if comma else written


def _percent(column: pa.Array) -> pa.Array:
    share = pc.round(pc.multiply(pc.cast(column, pa.float64(), safe=False), 100.0), _PERCENT_PLACES)
    return pc.if_else(pc.is_finite(share), pc.binary_join_element_wise(text(share), "%", ""), text(column))
