"""The store's statements: functions of a connection and an owner. Every one of them is bound to the owner.

What every question asks of the store is made once, above its function: SQLAlchemy takes ten times as long to put a
statement together as SQLite to run it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import BindParameter, Connection, Row, bindparam, case, delete, func, insert, or_, select, update

from prosa.answer import Answer
from prosa.conversations.schema import conversations, turns
from prosa.conversations.values import Conversation, ConversationDetail, SavedTurn, folded
from prosa.errors import AccessError, ProsaError
from prosa.events import Failed
from prosa.question import Question, Turn
from prosa.results import plain

HISTORY_TURNS = 10

RECOVERED_SEQ = 1_000_000_000
"""The `seq` of an answer that a dead server left: beyond every entry that a reader can have seen of it."""

_TITLE_LENGTH = 80
_SEARCHED_LENGTH = 20_000
_LOOSE_SECONDS = 86_400.0

_OWNER: BindParameter[str] = bindparam("of_owner")
_CONVERSATION: BindParameter[str] = bindparam("of_conversation")
_RUN: BindParameter[str] = bindparam("of_run")
_KEY: BindParameter[str] = bindparam("by_key")

_ADD_CONVERSATION = insert(conversations)


def create(
    connection: Connection, owner: str, title: str, *, key: str | None = None, id: str | None = None
) -> Conversation:
    now = time.time()
    made = Conversation(id or secrets.token_hex(12), plain(title), now, now)
    values = {"id": made.id, "owner": owner, "created": now, "updated": now, "key": key, **_titled(title)}
    connection.execute(_ADD_CONVERSATION, values)
    return made


_KEYED = (
    select(conversations.c.id)
    .where(conversations.c.owner == _OWNER, or_(conversations.c.id == _KEY, conversations.c.key == _KEY))
    .limit(1)
)


def keyed(connection: Connection, owner: str, key: str) -> str:
    """The id of the owner's conversation that has this id or key; of a new one where there is none."""
    key = plain(key)
    found: str | None = connection.execute(_KEYED, {"of_owner": owner, "by_key": key}).scalar()
    return found if found is not None else create(connection, owner, "", key=key).id


def _titled(title: str) -> dict[str, str]:
    return {"title": plain(title), "folded": folded(title)}


def search(connection: Connection, owner: str, words: str, limit: int, offset: int) -> list[Conversation]:
    counted = (
        select(func.count()).select_from(turns).where(turns.c.conversation == conversations.c.id).scalar_subquery()
    )
    query = select(conversations, counted.label("turns")).where(conversations.c.owner == owner)
    if words.strip():
        query = query.where(_mentions(folded(words)))
    order = query.order_by(conversations.c.updated.desc(), conversations.c.id).limit(limit).offset(offset)
    return [_head(row) for row in connection.execute(order)]


def _mentions(words: str) -> Any:
    said = select(turns.c.conversation).where(turns.c.folded.contains(words, autoescape=True))
    return or_(conversations.c.folded.contains(words, autoescape=True), conversations.c.id.in_(said))


def detail(connection: Connection, owner: str, conversation_id: str) -> ConversationDetail:
    head = _owned(connection, owner, conversation_id)
    rows = connection.execute(
        select(turns).where(turns.c.conversation == conversation_id).order_by(turns.c.asked, turns.c.run_id)
    )
    items = tuple(SavedTurn(row.run_id, row.question, row.asked, _answer(row)) for row in rows)
    return ConversationDetail(head.id, head.title, head.created, head.updated, len(items), items=items)


def rename(connection: Connection, owner: str, conversation_id: str, title: str) -> Conversation:
    _owned(connection, owner, conversation_id)
    connection.execute(update(conversations).where(_of(owner, conversation_id)).values(**_titled(title)))
    return detail(connection, owner, conversation_id)


def remove(connection: Connection, owner: str, conversation_id: str) -> None:
    _owned(connection, owner, conversation_id)
    connection.execute(delete(conversations).where(_of(owner, conversation_id)))


def add_turn(
    connection: Connection, owner: str, server: str, conversation_id: str | None, run_id: str, question: Question
) -> tuple[Turn, ...]:
    history = _history(connection, owner, conversation_id) if conversation_id is not None else ()
    now = time.time()
    _add_turn(connection, owner, server, conversation_id, run_id, question, now)
    if conversation_id is not None:
        _touch(connection, conversation_id, now, question.text)
    return history


def open_with_turn(
    connection: Connection, owner: str, server: str, conversation_id: str, run_id: str, question: Question
) -> None:
    made = create(connection, owner, _title(question.text), id=conversation_id)
    _add_turn(connection, owner, server, conversation_id, run_id, question, made.created)


_ADD_TURN = insert(turns)


def _add_turn(
    connection: Connection,
    owner: str,
    server: str,
    conversation_id: str | None,
    run_id: str,
    question: Question,
    now: float,
) -> None:
    words = plain(question.text)
    answer = Answer(
        run_id=run_id, question=words, conversation=conversation_id, locale=question.locale or "en", started_at=now
    )
    values = {
        "run_id": run_id,
        "conversation": conversation_id,
        "owner": owner,
        "question": words,
        "status": "running",
        "asked": now,
        "answer": _text(answer),
        "state": "{}",
        "folded": folded(words),
        "server": server,
    }
    connection.execute(_ADD_TURN, values)


def _title(question: str) -> str:
    return " ".join(plain(question).split())[:_TITLE_LENGTH]


def _unless_titled(column: str) -> Any:
    return case((conversations.c.title == "", bindparam(f"new_{column}")), else_=conversations.c[column])


_TOUCH = (
    update(conversations)
    .where(conversations.c.id == _CONVERSATION)
    .values(updated=bindparam("now"), title=_unless_titled("title"), folded=_unless_titled("folded"))
)


def _touch(connection: Connection, conversation_id: str, now: float, question: str) -> None:
    """A conversation without a title takes the first words asked in it."""
    new = {f"new_{column}": value for column, value in _titled(_title(question)).items()}
    connection.execute(_TOUCH, {"of_conversation": conversation_id, "now": now, **new})


_HISTORY = (
    select(turns)
    .where(turns.c.conversation == _CONVERSATION, turns.c.status != "running")
    .order_by(turns.c.asked.desc())
    .limit(HISTORY_TURNS)
)


def _history(connection: Connection, owner: str, conversation_id: str) -> tuple[Turn, ...]:
    _owned(connection, owner, conversation_id)
    rows = connection.execute(_HISTORY, {"of_conversation": conversation_id}).all()
    return tuple(Turn(row.question, _answer(row), msgspec.json.decode(row.state)) for row in reversed(rows))


class TurnEnd(NamedTuple):
    """What a turn came to, as its columns; made where the answer lives, not in the store's thread."""

    answer: str
    status: str
    state: str
    folded: str

    @classmethod
    def of(cls, answer: Answer, state: dict[str, Any]) -> TurnEnd:
        said = f"{answer.question} {answer.text}"[:_SEARCHED_LENGTH]
        return cls(_text(answer), answer.status, msgspec.json.encode(plain(state)).decode(), folded(said))


_FINISH_TURN = update(turns).where(turns.c.run_id == _RUN, turns.c.owner == _OWNER)


def finish_turn(connection: Connection, owner: str, run_id: str, end: TurnEnd) -> None:
    connection.execute(_FINISH_TURN, {"of_run": run_id, "of_owner": owner, **end._asdict()})


def forget_turn(connection: Connection, owner: str, run_id: str) -> None:
    loose = (turns.c.run_id == run_id, turns.c.owner == owner, turns.c.conversation.is_(None))
    connection.execute(delete(turns).where(*loose))


def answer(connection: Connection, owner: str, run_id: str) -> Answer:
    mine = (turns.c.run_id == run_id, turns.c.owner == owner, turns.c.status != "running")
    row = connection.execute(select(turns).where(*mine)).one_or_none()
    if row is None:
        raise AccessError("not_found")
    return _answer(row)


def recover(connection: Connection, server: str, alive: Callable[[str], bool]) -> None:
    """Ends the turns of dead servers as `server_restarted`, and forgets old ones that stand in no conversation."""
    old = time.time() - _LOOSE_SECONDS
    connection.execute(delete(turns).where(turns.c.conversation.is_(None), turns.c.asked < old))
    for row in connection.execute(select(turns).where(turns.c.status == "running", turns.c.server != server)).all():
        if not alive(row.server):
            left = _left_behind(_answer(row))
            values = {"answer": _text(left), "status": left.status}
            connection.execute(update(turns).where(turns.c.run_id == row.run_id).values(**values))


def _left_behind(answer: Answer) -> Answer:
    error = ProsaError("server_restarted")
    answer.failure = Failed(error.code, error.sentence(answer.locale), error.hint(answer.locale))
    answer.status, answer.seq = "failed", RECOVERED_SEQ
    return answer


_OWNED = select(conversations).where(conversations.c.id == _CONVERSATION, conversations.c.owner == _OWNER)


def _owned(connection: Connection, owner: str, conversation_id: str) -> Conversation:
    row = connection.execute(_OWNED, {"of_conversation": conversation_id, "of_owner": owner}).one_or_none()
    if row is None:
        raise AccessError("not_found")
    return Conversation(row.id, row.title, row.created, row.updated)


def _of(owner: str, conversation_id: str) -> Any:
    return (conversations.c.id == conversation_id) & (conversations.c.owner == owner)


def _head(row: Row[Any]) -> Conversation:
    return Conversation(row.id, row.title, row.created, row.updated, row.turns)


def _answer(row: Row[Any]) -> Answer:
    return msgspec.json.decode(row.answer, type=Answer)


def _text(answer: Answer) -> str:
    return msgspec.json.encode(answer).decode()
