"""Which words are sources and which are the question."""

import pytest

from prosa.cli.given import divided


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("sales.csv", "stores", "a=b.csv"):
        (tmp_path / name).write_text("x\n1\n")


@pytest.mark.parametrize(
    ("words", "sources", "question"),
    [
        (["sales.csv", "top 5 customers"], ["sales.csv"], "top 5 customers"),
        (["sales.csv", "top", "5", "customers"], ["sales.csv"], "top 5 customers"),
        (["sales.csv", "stores", "revenue by store"], ["sales.csv", "stores"], "revenue by store"),
        (["sales.csv"], ["sales.csv"], None),
        (["sales.csv", "stores"], ["sales.csv", "stores"], None),
        (["s=sales.csv", "x=stores", "q"], ["s=sales.csv", "x=stores"], "q"),
        (["a=b.csv", "q"], ["a=b.csv"], "q"),
        (["missing", "how many?"], ["missing"], "how many?"),
        (["sales.csv", "typo.csv", "how many?"], ["sales.csv", "typo.csv"], "how many?"),
        (["*.csv", "how many?"], ["*.csv"], "how many?"),
        (["https://example.org/x", "sqlite:///y.db", "q"], ["https://example.org/x", "sqlite:///y.db"], "q"),
        (["sales.csv", "revenue=1?"], ["sales.csv"], "revenue=1?"),
        (["sales.csv", "x" * 5000], ["sales.csv"], "x" * 5000),
        ([], [], None),
    ],
)
def test_sources_come_first(words, sources, question):
    assert divided(words, sources_known=False) == (sources, question)


def test_with_sources_in_the_settings_the_question_may_stand_alone():
    assert divided(["how many orders?"], sources_known=True) == ([], "how many orders?")
    assert divided(["sales.csv", "how many?"], sources_known=True) == (["sales.csv"], "how many?")
