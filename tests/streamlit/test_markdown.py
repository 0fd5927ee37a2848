"""Text of agents and data loads nothing and is not read as formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prosa.exports.markers import marker
from prosa.streamlit.markdown import CURSOR, code_blocks, growing, safe


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain *words*", "plain *words*"),
        ("![x](http://evil/?q=1)", "!\\[x](http://evil/?q=1)"),
        ("[![x](http://evil/a.png)](http://b)", "[!\\[x](http://evil/a.png)](http://b)"),
        ("R$ 5 e R$ 6", "R\\$ 5 e R\\$ 6"),
        ("`a$b` $", "`a$b` \\$"),
        ("```sql\nSELECT '$'\n```\n$", "```sql\nSELECT '$'\n```\n\\$"),
        ("```\nopen $ and ![", "```\nopen $ and !\\["),
        ("[a link](http://b)", "[a link](http://b)"),
    ],
)
def test_images_and_formulas_become_text(text, shown):
    assert safe(text) == shown


@given(st.text(alphabet="![]()`~$\n ax", max_size=60))
def test_no_text_keeps_the_beginning_of_an_image(text):
    assert "![" not in safe(text)


def test_a_text_that_grows_has_a_cursor_and_no_half_marker():
    assert growing("Half") == f"Half{CURSOR}"
    whole = f"Here:\n{marker('a.csv', 'text/csv', 5)}"
    for cut in range(len("Here:\n") + 1, len(whole) + 1):
        assert growing(whole[:cut]) == f"Here:{CURSOR}"
    assert growing("DOWN the road") == f"DOWN the road{CURSOR}"


def test_fenced_blocks_are_found_by_language():
    text = "a\n```csv\nx;y\n1;2\n```\nb\n~~~python\nprint(1)\n~~~\n```open\nnot closed"
    assert [tuple(block) for block in code_blocks(text)] == [("csv", "x;y\n1;2\n"), ("python", "print(1)\n")]
