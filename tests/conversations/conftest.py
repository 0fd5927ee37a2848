"""A store on disk, two people, and answers to save."""

import pytest

from prosa import events as e
from prosa.answer import Answer
from prosa.conversations.store import ConversationStore
from prosa.identity import Principal
from prosa.question import Question
from prosa.results import Column


@pytest.fixture
def ana():
    return Principal("ana")


@pytest.fixture
def bia():
    return Principal("bia")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kept" / "conversations.db"


@pytest.fixture
async def store(path):
    store = await ConversationStore.open(path)
    yield store
    await store.aclose()


@pytest.fixture
def answered():
    """An answer with words, a statement and a table."""

    def make(run_id, question, words="Four stores."):
        table = e.Table("t", "q", (Column("store", "text"), Column("n", "integer")), (("A|B", 3), (None, 2)), 40)
        said = [
            e.Started(question),
            e.Sql("q", "SELECT store, n FROM stores", "duckdb", "demo"),
            table,
            e.Text(0, words),
            e.Completed("answered", 5.0),
        ]
        return Answer.fold(e.Entry(run_id, seq, 100.0, event) for seq, event in enumerate(said, 1))

    return make


@pytest.fixture
def take_turn(store, answered):
    """Asks and answers in a conversation."""

    async def take(principal, conversation, run_id, question, words="Four stores.", state=None):
        await store.add_turn(principal, conversation, run_id, Question(question))
        await store.finish_turn(principal, run_id, answered(run_id, question, words), state or {})

    return take
