"""A conversation as a file: Markdown, plain text (`ROLE: content` and an empty line) or JSON. Nothing is read here."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from prosa.answer import Answer
from prosa.conversations.values import ConversationDetail, SavedTurn
from prosa.events import Passage, Table
from prosa.locales import text

MEDIA_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
}


def written(conversation: ConversationDetail, format: str, locale: str) -> bytes:
    """The whole conversation in one of the formats of MEDIA_TYPES; its fixed words are the locale's."""
    return _WRITERS[format](conversation, locale)


def _json(conversation: ConversationDetail, locale: str) -> bytes:
    return msgspec.json.format(msgspec.json.encode(conversation), indent=2)


def _txt(conversation: ConversationDetail, locale: str) -> bytes:
    you, prosa = text("chat.user", locale), text("chat.assistant", locale)
    parts = [
        f"{role}: {content}\n\n"
        for turn in conversation.items
        for role, content in ((you, turn.question), (prosa, _said(turn.answer, locale)))
    ]
    return "".join(parts).encode()


def _markdown(conversation: ConversationDetail, locale: str) -> bytes:
    parts = [f"# {_line(conversation.title)}"]
    for turn in conversation.items:
        parts += _turn(turn, locale)
    return ("\n\n".join(parts) + "\n").encode()


def answer_markdown(answer: Answer, locale: str) -> bytes:
    """One answer as a Markdown document: the question as its heading, words, the first rows, the statement."""
    return ("\n\n".join([f"# {_line(answer.question)}", *_answered(answer, locale)]) + "\n").encode()


def _turn(turn: SavedTurn, locale: str) -> list[str]:
    return [f"## {_line(turn.question)}", *_answered(turn.answer, locale)]


def _answered(answer: Answer, locale: str) -> list[str]:
    parts = [_said(answer, locale), *(_cited(passage, locale) for passage in answer.passages)]
    if answer.table is not None:
        parts.append(_table(answer.table))
        if answer.table.total > len(answer.table.rows):
            parts.append(text("chat.rows", locale, shown=len(answer.table.rows), total=answer.table.total))
    if answer.sql:
        parts.append(f"{_fence(answer.sql)}sql\n{answer.sql}\n{_fence(answer.sql)}")
    return parts


def _cited(passage: Passage, locale: str) -> str:
    lines = "\n".join(f"> {_line(line)}" for line in passage.passage.split("\n"))
    return f"{lines}\n>\n> — {_line(passage.where(locale))}"


def _said(answer: Answer, locale: str) -> str:
    """What the answer comes to in words, also where it went wrong or is not there yet."""
    if answer.failure is not None:
        return answer.failure.message
    if answer.clarification is not None:
        options = [f"- {option.label}" for option in answer.clarification.options]
        return "\n".join([answer.clarification.question, *options])
    return answer.text or text(f"chat.{answer.status}", locale)


def _table(table: Table) -> str:
    lines = [[column.name for column in table.columns], ["---"] * len(table.columns), *table.rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(cell: object) -> str:
    return "" if cell is None else _line(str(cell)).replace("\\", "\\\\").replace("|", "\\|")


def _line(words: str) -> str:
    return " ".join(words.split())


def _fence(code: str) -> str:
    """Longer than any run of backticks inside."""
    longest = max((len(run) for run in code.split() if set(run) == {"`"}), default=0)
    return "`" * max(3, longest + 1)


_WRITERS: dict[str, Callable[[ConversationDetail, str], bytes]] = {"md": _markdown, "txt": _txt, "json": _json}
