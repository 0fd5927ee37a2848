"""How numbers are written: with dot or comma, grouped, with a currency, a percent sign or brackets for a minus."""

from __future__ import annotations

from prosa.sources.reading.cells import Format, Sql, as_is

_WHOLE = r"(?:0|[1-9]\d{0,17})"
_DOT = rf"(?:{_WHOLE}(?:\.\d*)?|\d*\.\d+|[1-9]\d{{0,2}}(?:,\d{{3}})+(?:\.\d+)?)"
_COMMA = rf"(?:{_WHOLE}(?:,\d*)?|\d*,\d+|[1-9]\d{{0,2}}(?:[.    ']\d{{3}})+(?:,\d+)?)"
_MINUS = r"[-−]?\s*"
_PLUS = r"\+(?:0|[1-9]\d{0,8})(?:[.,]\d+)?"
_MONEY = r"(?:R\$|US\$|A\$|C\$|\$|€|£|¥|BRL|USD|EUR|GBP)"


def _signed(body: str) -> str:
    return rf"(?:{_MINUS}{body}|{body}\s*-|\(\s*{body}\s*\)|{_PLUS})"


def _money(body: str) -> str:
    amount = rf"{_MONEY}?\s*{_MINUS}{body}\s*-?"
    return rf"(?:{_MINUS}{amount}|\(\s*{amount}\s*\)|{_MINUS}{body}\s*{_MONEY}?)"


def _digits(decimal: str) -> Sql:
    """SQL that keeps sign, digits and decimal mark (as a dot) of whatever is written around them."""

    def canonical(text: str) -> str:
        kept = f"regexp_replace({text}, '[^0-9{decimal}]', '', 'g')"
        body = kept if decimal == "." else f"replace({kept}, ',', '.')"
        return f"(CASE WHEN regexp_matches({text}, '[-−(]') THEN '-' ELSE '' END || {body})"

    return canonical


def _pair(name: str, shape: str, hint: str = "") -> tuple[Format, Format]:
    """A format with a decimal dot and the same with a comma. `shape` has `{}` for the digits."""
    dot, comma = f"{name}_dot", f"{name}_comma"
    return (
        Format(dot, "number", _filled(shape, _DOT), _digits("."), rival=comma, decimal=".", hint=hint),
        Format(comma, "number", _filled(shape, _COMMA), _digits(","), rival=dot, decimal=",", hint=hint),
    )


def _filled(shape: str, body: str) -> str:
    return {"signed": _signed(body), "money": _money(body), "percent": rf"{_signed(body)}\s*%"}[shape]


NUMBERS = (
    Format("integer", "number", r"-?(?:0|[1-9]\d{0,17})", as_is),
    Format("decimal", "number", rf"-?(?:{_WHOLE}(?:\.\d*)?|\d*\.\d+)", as_is, rival="number_comma", decimal="."),
    *_pair("number", "signed"),
    Format("float", "number", rf"-?(?:{_WHOLE}(?:\.\d*)?|\d*\.\d+)(?:e[-+]?\d{{1,3}})?", as_is, decimal="."),
    *_pair("money", "money", "currency"),
    *_pair("percent", "percent", "percent"),
)
"""From the plainest on: the first that fits all cells of a column is taken. Digits with a zero before them fit none:
they are codes."""
