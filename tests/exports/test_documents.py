"""HTML and Markdown: read as documents, in which no cell becomes anything but words."""

from html.parser import HTMLParser

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from prosa.exports import html, markdown
from prosa.exports.options import Options

HOSTILE = (
    "![x](https://evil.example/p.png)",
    "[a](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "</td></table><script>alert(1)</script>",
    "a|b\\|c\n\n# no heading\n- no list",
    "`code` **bold** ~~gone~~ &lt;b&gt; <https://evil.example>",
    "[x]: https://evil.example",
)


class Tags(HTMLParser):
    """The tags of a document, and the text of its cells."""

    def __init__(self, document):
        super().__init__()
        self.tags, self.cells, self._open = [], [], False
        self.feed(document)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "td":
            self.cells.append("")
            self._open = True
        elif tag == "br" and self._open:
            self.cells[-1] += "\n"

    def handle_endtag(self, tag):
        self._open = self._open and tag != "td"

    def handle_data(self, data):
        if self._open:
            self.cells[-1] += data


def document(writer, table, **options):
    parts = []
    writer.write(table.to_reader(), lambda data: parts.append(bytes(data)), Options(**options))
    return b"".join(parts).decode()


def rendered(text):
    return Tags(MarkdownIt("gfm-like", {"linkify": False}).render(text))


@pytest.mark.parametrize("cell", HOSTILE)
def test_markdown_shows_a_hostile_cell_as_words(cell):
    found = rendered(document(markdown, pa.table({cell: [cell]}), title=cell, provenance=None))
    assert not {"img", "a", "script", "code", "s"}.intersection(found.tags)
    assert found.cells == [cell]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cn")), min_size=1))
def test_any_cell_reads_back_from_markdown(cell):
    assert rendered(document(markdown, pa.table({"a": [cell]}))).cells == [cell]


@pytest.mark.parametrize("cell", HOSTILE)
def test_html_shows_a_hostile_cell_as_words(cell):
    found = Tags(document(html, pa.table({cell: [cell]}), title=cell))
    assert found.cells == [cell]
    assert not {"img", "a", "script"}.intersection(found.tags)


def test_html_reaches_for_nothing():
    text = document(html, pa.table({"a": [1]}))
    assert "default-src &#x27;none&#x27;" in text
    assert "http" not in text.replace("http-equiv", "")


def test_sql_with_fences_stays_inside_its_block(sales, about):
    hostile = msgspec.structs.replace(about, sql="select '```'\n# not a heading")
    found = rendered(document(markdown, sales, provenance=hostile))
    assert "h1" not in found.tags
    assert "code" in found.tags


@pytest.mark.parametrize("writer", [html, markdown])
def test_no_rows_still_show_the_columns(writer, sales):
    assert "média" in document(writer, sales.slice(0, 0))
