"""Results as a Markdown table (GitHub's), in which no cell can start a link, an image or a tag."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from prosa.exports import provenance
from prosa.exports.batches import Piece, cell, columns, made, rows
from prosa.exports.documents import people
from prosa.exports.formats import Sink
from prosa.exports.markup import clean
from prosa.exports.options import Options
from prosa.results import NUMERIC, Column

_SPECIAL = r"([\\`*_\[\]<>|~&#])"


def write(reader: pa.RecordBatchReader, sink: Sink, options: Options) -> int:
    """A heading, the table with every row, and where it comes from."""
    described = columns(reader.schema, options)
    sink(_head(described, options).encode())
    count = 0
    for number, data in made(reader, lambda batch: rows(["|", *_pieces(batch, described, options), "\n"])):
        sink(data)
        count += number
    sink(_foot(options, count).encode())
    return count


def _head(described: list[Column], options: Options) -> str:
    title = f"# {_safe_text(options.title)}\n\n" if options.title else ""
    names = "".join(f" {_safe_text(column.name)} |" for column in described)
    rules = "".join(" ---: |" if column.type in NUMERIC else " --- |" for column in described)
    return f"{title}|{names}\n|{rules}\n"


def _pieces(batch: pa.RecordBatch, described: list[Column], options: Options) -> Iterator[Piece]:
    for column, about in zip(batch.columns, described, strict=True):
        missing = f" {_safe_text(options.null)} |"
        yield from cell([" "], _safe(people(column, about, options)), " |", missing)


def _safe(column: pa.Array) -> pa.Array:
    column = pc.replace_substring_regex(clean(column)[0], _SPECIAL, r"\\\1")
    return pc.replace_substring_regex(column, r"\r\n|\r|\n", "<br>")


def _safe_text(value: str) -> str:
    column = pa.array([value.encode("utf-8", "replace").decode("utf-8")])
    return str(_safe(column)[0].as_py())


def _foot(options: Options, count: int) -> str:
    return "\n" + "".join(map(_fact, provenance.facts(options, count)))


def _fact(fact: provenance.Fact) -> str:
    value = _fenced(str(fact.value)) if fact.name == "sql" else f" {_safe_text(str(fact.value))}\n"
    return f"- **{fact.label}:**{value}"


def _fenced(code: str) -> str:
    """A block of SQL inside a list item; its fence is longer than any run of backticks in it."""
    code = code.encode("utf-8", "replace").decode("utf-8")
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", code))])
    lines = [f"{fence}sql", *code.splitlines(), fence]
    return "\n" + "".join(f"  {line}\n" for line in lines)
