"""A conversation as a file."""

import msgspec
import pytest

from prosa import events as e
from prosa.answer import Answer
from prosa.conversations.export import MEDIA_TYPES, written
from prosa.conversations.values import ConversationDetail, SavedTurn


@pytest.fixture
def conversation(answered):
    failed = Answer(question="and `why`?", status="failed", failure=e.Failed("query_failed", "It failed."))
    asked = Answer(status="clarify", clarification=e.Clarification("Which?", (e.Option("By day", "q"),)))
    answers = {"stores\nand sales?": answered("r1", "x"), "and `why`?": failed, "best": asked, "still?": Answer()}
    items = tuple(SavedTurn(f"r{n}", question, 1.0, answer) for n, (question, answer) in enumerate(answers.items()))
    return ConversationDetail("c1", "My\nsales", 1.0, 2.0, 4, items=items)


def test_text_has_a_role_a_colon_and_an_empty_line(conversation):
    assert written(conversation, "txt", "en").decode() == (
        "USER: stores\nand sales?\n\nASSISTANT: Four stores.\n\n"
        "USER: and `why`?\n\nASSISTANT: It failed.\n\n"
        "USER: best\n\nASSISTANT: Which?\n- By day\n\n"
        "USER: still?\n\nASSISTANT: The answer is not ready yet.\n\n"
    )


def test_markdown_has_tables_and_statements(conversation):
    text = written(conversation, "md", "pt-BR").decode()
    assert text.startswith("# My sales\n\n## stores and sales?\n\nFour stores.\n\n| store | n |\n| --- | --- |\n")
    assert "| A\\|B | 3 |\n|  | 2 |\n" in text
    assert "```sql\nSELECT store, n FROM stores\n```" in text
    assert "Primeiras 2 de 40 linhas." in text


def test_a_statement_can_not_leave_its_code_block(conversation):
    conversation.items[0].answer.queries[0].sql = "SELECT '\n```\n# heading'"
    assert "````sql\nSELECT '\n```\n# heading'\n````" in written(conversation, "md", "en").decode()


def test_json_holds_everything(conversation):
    data = written(conversation, "json", "en")
    assert msgspec.json.decode(data, type=ConversationDetail) == conversation


def test_an_empty_conversation_is_a_file_as_well():
    empty = ConversationDetail("c", "Nothing yet", 1.0, 1.0, items=())
    assert {kind: bool(written(empty, kind, "en")) for kind in MEDIA_TYPES} == {"md": True, "txt": False, "json": True}
