"""Bytes to text: a mark or UTF-8 where they tell, else the Windows code page of western Europe."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decoded(data: bytes, declared: str = "", *, cut: bool = False) -> str:
    """The text of a file, or of its beginning where it was `cut`; what can't be a letter is replaced. `declared` is the
    encoding that the file itself names."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data, final=not cut)
    except UnicodeDecodeError:
        pass
    if data[:1000].count(0) > len(data[:1000]) // 4:
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return data.decode(declared or "cp1252", "replace")
    except (LookupError, UnicodeError):  # UnicodeError: Python has codecs like "undefined", which a page may name
        return data.decode("cp1252", "replace")
