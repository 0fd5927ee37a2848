"""Messages: the question first, the answer whatever became of it, and nothing twice."""

import json
from datetime import datetime

import pytest

from prosa import events as e
from prosa.answer import Answer
from prosa.conversations.values import ConversationDetail, SavedTurn
from prosa.streamlit import exporting
from prosa.streamlit.messages import MOST_MESSAGES, Chat


def ask(chat, stream, question="why?"):
    return chat.ask(question, lambda: stream)


def said(chat):
    return [(message["role"], message["content"]) for message in chat.messages]


def test_the_question_is_saved_before_anything_streams(fed):
    chat, stream = Chat("data"), fed()
    ask(chat, stream)
    assert said(chat) == [("user", "why?")]
    assert chat.active
    stream.end()


def test_nothing_else_can_be_asked_meanwhile_and_everything_afterwards(fed, done):
    chat, stream = Chat("data"), fed()
    run = ask(chat, stream)
    assert chat.ask("and?", fed) is None
    stream.say(e.Text(0, "So."), done)
    run.wait(10)
    assert said(chat) == [("user", "why?"), ("assistant", "So.")]
    second = fed()
    run = ask(chat, second, "and?")
    second.say(e.Text(0, "That."), done)
    run.wait(10)
    assert [content for _, content in said(chat)] == ["why?", "So.", "and?", "That."]


def test_an_answer_is_in_the_messages_or_on_its_way_and_never_both(fed, done):
    chat, stream = Chat("data"), fed()
    run = ask(chat, stream)
    messages, active = chat.now()
    assert (len(messages), active) == (1, run)
    stream.say(e.Text(0, "So."), done)
    run.wait(10)
    messages, active = chat.now()
    assert (len(messages), active) == (2, None)


def test_an_error_is_a_message_and_unlocks(fed):
    chat, stream = Chat("data"), fed()
    run = ask(chat, stream)
    stream.say(e.Text(0, "Half"), e.Failed("time_limit", "It took too long.", "Ask for less."))
    run.wait(10)
    assert said(chat)[1] == ("assistant", "Half\n\n❌ Error generating response: It took too long. Ask for less.")
    assert chat.messages[1]["metadata"]["error"] == "time_limit"
    assert not chat.active


def test_a_stopped_answer_keeps_its_words(fed):
    chat, stream = Chat("data"), fed()
    run = ask(chat, stream)
    stream.say(e.Text(0, "Half"))
    run.stop()
    run.wait(10)
    role, content = said(chat)[1]
    assert role == "assistant"
    assert content.endswith("Stopped.")


def test_messages_have_role_content_metadata_and_time(fed, done):
    chat, stream = Chat("data"), fed()
    run = ask(chat, stream)
    stream.say(
        e.Interpreted("Why."), e.StageStarted("plan"), e.StageCompleted("plan", 2.0),
        e.Sql("q", "SELECT 1", "duckdb", "d"), e.Text(0, "So."), done,
    )  # fmt: skip
    run.wait(10)
    question, answer = chat.messages
    assert set(question) == set(answer) == {"role", "content", "metadata", "timestamp"}
    assert datetime.fromisoformat(answer["timestamp"]).tzinfo is not None
    facts = answer["metadata"]
    assert (facts["status"], facts["sql"], facts["reading"]) == ("answered", "SELECT 1", "Why.")
    assert facts["stages"] == {"plan": 2.0}
    assert facts["run"] == question["metadata"]["run"]


def test_a_chat_stays_bounded(fed, done):
    chat = Chat("data")
    for number in range(MOST_MESSAGES // 2 + 3):
        stream = fed()
        stream.say(e.Text(0, str(number)), done)
        ask(chat, stream).wait(10)
    assert len(chat.messages) == MOST_MESSAGES
    assert len(chat.answers) == MOST_MESSAGES // 2
    assert chat.messages[0]["role"] == "user"


@pytest.fixture
def talked(fed, done):
    chat, stream = Chat("data"), fed()
    stream.say(e.Text(0, "So."), done)
    ask(chat, stream).wait(10)
    return chat


def test_the_text_export_is_role_content_and_an_empty_line(talked):
    assert exporting.exported(talked, "txt", "en") == b"USER: why?\n\nASSISTANT: So.\n\n"
    assert exporting.exported(talked, "txt", "pt-BR").decode().count("\n\n") == 2


def test_the_json_export_is_the_messages(talked):
    assert json.loads(exporting.exported(talked, "json", "en")) == talked.messages


def test_the_markdown_export_has_questions_and_answers(talked):
    assert exporting.exported(talked, "md", "en").decode() == "# why?\n\n## why?\n\nSo.\n"


def test_an_empty_chat_can_be_exported_too():
    for format in exporting.FORMATS:
        assert isinstance(exporting.exported(Chat("data"), format, "en"), bytes)


def test_a_kept_conversation_goes_on():
    answer = Answer.fold([e.Entry("r", 1, 5.0, e.Text(0, "So.")), e.Entry("r", 2, 6.0, e.Completed("answered", 1.0))])
    kept = ConversationDetail("c1", "why", 5.0, 6.0, 1, items=(SavedTurn("r", "why?", 5.0, answer),))
    chat = Chat.of("data", kept)
    assert (chat.conversation, said(chat)) == ("c1", [("user", "why?"), ("assistant", "So.")])
    assert chat.answers["r"].text == "So."
