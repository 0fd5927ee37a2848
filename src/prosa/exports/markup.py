"""Text columns made safe for XML and HTML: escaped, and without the characters that XML 1.0 forbids."""

from __future__ import annotations

from html import escape

import pyarrow as pa
import pyarrow.compute as pc

REPLACEMENT = "�"
FORBIDDEN = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
"""What no XML 1.0 document may hold, even escaped (W3C XML 1.0, 2.2 Char); surrogates can't be in UTF-8 anyway."""

_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


def escaped(column: pa.Array) -> pa.Array:
    """A string column for use between tags."""
    for sign, entity in _ENTITIES:
        column = pc.replace_substring(column, sign, entity)
    return column


def clean(column: pa.Array) -> tuple[pa.Array, int]:
    """A string column without forbidden characters, and how many were replaced."""
    found = pc.sum(pc.count_substring_regex(column, FORBIDDEN)).as_py() or 0
    return (pc.replace_substring_regex(column, FORBIDDEN, REPLACEMENT) if found else column), found


def words(text: str) -> str:
    """A single text, cleaned and escaped for use between tags. Lone surrogates are replaced."""
    whole = pa.array([text.encode("utf-8", "replace").decode("utf-8")])
    return escape(str(clean(whole)[0][0].as_py())).replace("\r", "&#13;")


def attribute(text: str) -> str:
    """A single text as an attribute's value: XML readers turn bare line ends and tabs into spaces."""
    return words(text).replace("\n", "&#10;").replace("\t", "&#9;")
