"""`número de` before one thing is a name, before many things it counts."""

import pytest
from tests.analysts.rules.conftest import asked

SCRIPT = """
CREATE TABLE templates (template_id INTEGER PRIMARY KEY, version_number INTEGER, phone_number TEXT);
INSERT INTO templates VALUES (1, 4, '555'), (2, 6, '556'), (3, 7, '557');
"""


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    return asked(SCRIPT, tmp_path_factory, "templates")


@pytest.mark.parametrize(
    "question",
    ["números de versão dos modelos", "qual é o número de versão dos modelos?", "version numbers of the templates"],
)
def test_a_column_named_like_a_count_is_shown(templates, question):
    assert sorted(templates.rows(question)) == [(4,), (6,), (7,)]


@pytest.mark.parametrize(
    "question", ["modelos com número de versão maior que 5", "templates with a version number greater than 5"]
)
def test_a_column_named_like_a_count_is_compared(templates, question):
    assert sorted(row[0] for row in templates.rows(question)) == [2, 3]


@pytest.mark.parametrize("question", ["número de modelos", "number of templates"])
def test_many_things_are_counted(templates, question):
    assert templates.rows(question) == [(3,)]


@pytest.mark.parametrize("question", ["quantas lojas não foram elogiadas?", "how many stores were not praised?"])
def test_a_no_that_can_not_be_used_is_never_a_number(shop, refused, question):
    refused(shop.plan(question))
