"""Results as one HTML document: a table, where it comes from, and nothing that reaches for the network."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import pyarrow as pa
import pyarrow.compute as pc

from prosa import locales
from prosa.exports import provenance
from prosa.exports.batches import Piece, cell, columns, made, rows
from prosa.exports.documents import people
from prosa.exports.formats import Sink
from prosa.exports.markup import clean, escaped, words
from prosa.exports.options import Options
from prosa.exports.texts import is_plain
from prosa.results import NUMERIC, Column

STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;color:#1a1a1a;margin:2rem}h1{font-size:1.4rem}"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "th,td{padding:.3rem .7rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top;white-space:pre-wrap}"
    "thead th{position:sticky;top:0;background:#f4f4f4}.n{text-align:right;white-space:nowrap}"
    "footer{margin-top:2rem;font-size:.85rem;color:#555}dt{font-weight:600}dd{margin:0 0 .5rem;white-space:pre-wrap}"
    ".code{font-family:ui-monospace,monospace}"
    "@media(prefers-color-scheme:dark){body{background:#16181c;color:#e8e8e8}thead th{background:#23262c}"
    "th,td{border-color:#3a3e46}footer{color:#aaa}}"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write(reader: pa.RecordBatchReader, sink: Sink, options: Options) -> int:
    """A heading, the table with every row, and a footer with the provenance."""
    described = columns(reader.schema, options)
    sink(_head(described, options).encode())
    count = 0
    for number, data in made(reader, lambda batch: rows(["<tr>", *_pieces(batch, described, options), "</tr>\n"])):
        sink(data)
        count += number
    sink(f"</tbody></table>\n{footer(options, count)}</body></html>\n".encode())
    return count


def footer(options: Options, count: int) -> str:
    """Where the document comes from, in the reader's language."""
    facts = "".join(map(_fact, provenance.facts(options, count)))
    return f"<footer><dl>{facts}</dl></footer>\n"


def _fact(fact: provenance.Fact) -> str:
    kind = ' class="code"' if fact.name == "sql" else ""
    return f"<dt>{words(fact.label)}</dt><dd{kind}>{words(str(fact.value))}</dd>"


def _head(described: list[Column], options: Options) -> str:
    locale = locales.normalise(options.locale)
    title = words(options.title or locales.text("exports.sheet", locale))
    names = "".join(f'<th scope="col"{_numeric(column)}>{words(column.name)}</th>' for column in described)
    return (
        f'<!DOCTYPE html>\n<html lang="{locale}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n"
        f"<table><thead><tr>{names}</tr></thead><tbody>\n"
    )


def _pieces(batch: pa.RecordBatch, described: list[Column], options: Options) -> Iterator[Piece]:
    for column, about in zip(batch.columns, described, strict=True):
        shown = people(column, about, options)
        if not is_plain(column.type):
            shown = pc.replace_substring(escaped(clean(shown)[0]), "\r", "&#13;")
        tag = f"<td{_numeric(about)}>"
        yield from cell([tag], shown, "</td>", f"{tag}{words(options.null)}</td>")


def _numeric(column: Column) -> str:
    return ' class="n"' if column.type in NUMERIC else ""
