"""Arrow columns as JSON literals (RFC 8259) by the rules of `results.plain`: what browsers can't keep exact is text."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as t

from prosa.exports.texts import digits_that_count, text, within
from prosa.results import MAX_SAFE_INTEGER

_SHORT = {"\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPES = {chr(code): _SHORT.get(chr(code), f"\\u{code:04x}") for code in range(0x20)}
_NEEDS_ESCAPE = r'[\x00-\x1F"\\]'
_EXACT_DIGITS = 15


def literals(column: pa.Array) -> pa.Array:
    """A string column of JSON literals, null where the value is null, NaN or infinite."""
    kind = column.type
    if t.is_dictionary(kind):
        return literals(column.dictionary_decode())
    written = text(column, stamp="T")
    if t.is_boolean(kind) or t.is_null(kind) or _is_nested(kind):
        return written
    if t.is_integer(kind):
        return _exact(written, within(column, MAX_SAFE_INTEGER))
    if t.is_decimal(kind):
        long = kind.precision > _EXACT_DIGITS
        return _exact(written, pc.less_equal(digits_that_count(written), _EXACT_DIGITS) if long else None)
    if t.is_floating(kind):
        return pc.if_else(pc.is_finite(column), written, None)
    return quoted(written)


def quoted(column: pa.Array) -> pa.Array:
    """A string column as JSON strings."""
    # One look saves most columns the 34 replacements.
    if pc.any(pc.match_substring_regex(column, _NEEDS_ESCAPE), min_count=0).as_py():
        column = pc.replace_substring(pc.replace_substring(column, "\\", "\\\\"), '"', '\\"')
        for sign, escape in _ESCAPES.items():
            if pc.any(pc.match_substring(column, sign), min_count=0).as_py():
                column = pc.replace_substring(column, sign, escape)
    return pc.binary_join_element_wise('"', column, '"', "")


def _exact(written: pa.Array, exact: pa.Array | None) -> pa.Array:
    """Numbers where a reader keeps them exact (None: everywhere), else their digits as text."""
    if exact is None or pc.all(exact, min_count=0).as_py():
        return written
    return pc.if_else(exact, written, pc.binary_join_element_wise('"', written, '"', ""))


def _is_nested(kind: pa.DataType) -> bool:
    lists = t.is_list(kind) or t.is_large_list(kind) or t.is_fixed_size_list(kind)
    return bool(lists or t.is_struct(kind) or t.is_map(kind))
