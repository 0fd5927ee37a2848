"""`ask`: a question in plain words; the answer's words, its first rows, and the handles to go on from."""

from __future__ import annotations

import msgspec

from prosa import locales
from prosa.answer import Answer
from prosa.errors import UsageError
from prosa.exports.downloads import PendingDownloads
from prosa.tools.base import Tool, answered, at_desk
from prosa.tools.rows import told


class Arguments(msgspec.Struct, frozen=True):
    question: str
    sources: list[str] = []
    documents: list[str] = []
    replies_to: str = ""


async def run(given: Arguments, session: PendingDownloads) -> str:
    """The answer for a model. With `replies_to`, the question goes on from that run or chooses what it asked back.
    ProsaError."""
    if session.desk is None:
        raise UsageError("tool_no_data")
    words = given.question
    if given.replies_to:
        words = (await at_desk(session, _answer(given.replies_to, session))).meant(words)
    question = session.desk.question(words)
    asked = msgspec.structs.replace(
        question,
        sources=tuple(given.sources),
        documents=tuple(given.documents),
        replies_to=given.replies_to or None,
    )
    return spoken(await answered(asked, session))


async def _answer(run_id: str, session: PendingDownloads) -> Answer:
    found: Answer = (await session.desk.runs.find(session.principal, run_id)).answer
    return found


def spoken(answer: Answer) -> str:
    """An answer as a model reads it: words, what was asked back, how it was read, the last table, the run's id."""
    locale = answer.locale
    asked = answer.clarification.words if answer.clarification is not None else ""
    reading = locales.text("tools.reading", locale, reading=answer.reading) if answer.reading else ""
    rows = told(answer.table, locale) if answer.table is not None else ""
    run = locales.text("tools.run", locale, id=answer.run_id)
    return "\n\n".join(part for part in (answer.text, asked, reading, rows, run) if part)


ASK = Tool("ask", Arguments, run, asks=True)
