"""Questions to documents: whether one is, the passages that answer it, and the words for them, quoted as they stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import resources
from typing import NamedTuple, Protocol

from prosa import locales
from prosa.analysts.base import Plan, Refusal, Say
from prosa.analysts.rules.words import fold
from prosa.documents.answering import Cited, Reply
from prosa.documents.index import DocumentInfo
from prosa.documents.telling import placed, texts
from prosa.errors import SourceError
from prosa.events import Clarification, Interpreted, Passage, Sources, Word
from prosa.identity import Principal
from prosa.question import Context, Emit, Question
from prosa.workers.pool import Progress

_NEAR = 0.4
"""A passage this good is worth naming though it does not answer."""
_AHEAD = 0.25
"""A plan's confidence is the chance that it is right, a passage's score is none: a sentence that merely holds the words
of a question about rows ("invoices by month") comes to 0.9. What is meant for documents was ahead of every plan by
0.28 or more, what is meant for data by 0.18 at most (tests/pipeline/test_data_or_documents.py)."""
_ASKED_BACK = 0.6
"""What a question back counts as: the data have something, and are not sure what."""
_MOST_LISTED = 20


class Documents(Protocol):
    """Opens and searches the documents of a principal."""

    def any(self, principal: Principal) -> bool: ...

    async def open(
        self, principal: Principal, documents: tuple[str, ...] = (), on_progress: Progress | None = None
    ) -> tuple[DocumentInfo, ...]: ...

    async def answer(self, principal: Principal, question: str, documents: Sequence[DocumentInfo]) -> Reply: ...

    async def search(
        self, principal: Principal, words: str, documents: Sequence[DocumentInfo]
    ) -> tuple[Cited, ...]: ...


class Halves(NamedTuple):
    """A question's part for the documents and its part for the data."""

    documents: str
    data: str


def asks_documents(text: str) -> bool:
    """Whether the words themselves ask what is written somewhere."""
    return any(pattern.search(fold(text)) for pattern in _patterns("documents"))


def halves(text: str) -> Halves | None:
    """The two parts of a question that asks what is written and what the data say; None for all others."""
    for joint in _patterns("joints"):
        for found in joint.finditer(text):
            sides = (text[: found.start()].strip(), text[found.end() :].strip())
            for written, counted in (sides, sides[::-1]):
                if asks_documents(written) and not asks_documents(counted) and _asks_data(counted):
                    return Halves(written, counted)
    return None


def lists(text: str) -> bool:
    """Whether the question is which documents there are."""
    return any(pattern.search(fold(text)) for pattern in _patterns("lists"))


def _asks_data(text: str) -> bool:
    return any(pattern.search(fold(text)) for pattern in _patterns("data"))


@cache
def _patterns(group: str) -> tuple[re.Pattern[str], ...]:
    path = resources.files(__package__).joinpath("documents.toml")
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in tomllib.loads(path.read_text("utf-8"))[group])


def _needed(made: Plan | Clarification | Refusal) -> float:
    """The score from which documents come before what the data's analyst has made of a question."""
    if isinstance(made, Refusal):
        return 0.0
    return (made.confidence if isinstance(made, Plan) else _ASKED_BACK) + _AHEAD


class Papers:
    """The documents that a question may be put to, and what they say; nothing is opened before it is needed."""

    def __init__(self, documents: Documents, question: Question, context: Context, locale: str) -> None:
        self.locale = locale
        self.infos: tuple[DocumentInfo, ...] = ()
        self.reply = Reply(())
        self.chosen = False
        self.shown: tuple[Cited, ...] = ()
        self._documents, self._question, self._context = documents, question, context

    async def open(self, on_progress: Progress | None = None) -> tuple[DocumentInfo, ...]:
        """The documents, read first where they are new or have changed. SourceError, AccessError."""
        self.infos = await self._documents.open(self._context.principal, self._question.documents, on_progress)
        self.infos = tuple(sorted(self.infos, key=lambda info: info.name))
        return self.infos

    async def listed(self) -> tuple[DocumentInfo, ...]:
        """The documents, for an analyst that looks into them by itself; none where nobody named one and they can't be
        read. SourceError, AccessError."""
        with suppress(*(() if self._question.documents else (SourceError,))):
            return self.infos or await self.open()
        return ()

    async def search(self, words: str) -> tuple[Cited, ...]:
        """The best passages for words of an analyst's own. SourceError, AccessError."""
        infos = await self.listed()
        return await self._documents.search(self._context.principal, words, infos) if infos else ()

    def take(self, cited: Sequence[Cited]) -> None:
        """Passages that an analyst chose, beside those that it chose before, and of which it speaks itself."""
        self.shown = self.reply.cited if self.chosen else ()
        self.reply, self.chosen = Reply((*self.shown, *cited)), True

    async def look(self, question: str) -> None:
        """Looks for the answer. A question that says little by itself goes on from the last one, where that was
        answered from documents."""
        self.reply = await self._search(question)
        history = self._context.history
        if self.reply.answered or not history or not history[-1].answer.passages:
            return
        whole = await self._search(f"{history[-1].question} {question}")
        told = fold(whole.cited[0].sentence) if whole.cited else ""
        if whole.answered and any(term.token.norm in told for term in self.reply.terms):
            self.reply = whole

    async def answer_instead(self, made: Plan | Clarification | Refusal, on_progress: Progress) -> bool:
        """Whether the documents answer rather than the data: no plan was made, or they are much surer than it is."""
        needed = _needed(made)
        if needed > 1:
            return False
        if not self.infos:
            try:
                await self.open(on_progress)
            except SourceError:  # nobody asked for the documents by name: the data's own answer stands
                return False
            await self.look(self._question.text)
        return self.reply.answered and self.reply.score >= needed

    async def _search(self, question: str) -> Reply:
        return await self._documents.answer(self._context.principal, question, self.infos)

    @property
    def counted(self) -> str:
        """How many documents there are, in words."""
        count = len(self.infos)
        return locales.text("documents.selected", self.locale, count=count, n=count)

    @property
    def summary(self) -> str:
        """What the search has found, for its stage."""
        if not self.answers:
            return locales.text("documents.found_none", self.locale)
        count = len(self.reply.cited)
        return locales.text("documents.found", self.locale, count=count, n=count)

    @property
    def answers(self) -> bool:
        """Whether passages answer: as far as the search can tell, or because an analyst chose them."""
        return bool(self.reply.cited) if self.chosen else self.reply.answered

    @property
    def texts(self) -> tuple[str, ...]:
        """What numbers in the answer may rest on: the passages, their places, and how many documents there are."""
        return (str(len(self.infos)), *texts(self.reply.cited))

    def show(self, emit: Emit, *, interpreted: bool = True) -> None:
        """Shows how the question was read, unless the data's plan does, and the passages that answer."""
        if interpreted:
            emit(self._reading())
        if self.answers:
            emit(Sources(tuple(map(_passage, self.reply.cited[len(self.shown) :]))))

    def _reading(self) -> Interpreted:
        text = self._question.text
        words = ", ".join(dict.fromkeys(term.token.norm for term in self.reply.terms)) or text
        unknown = tuple(
            Word(text[token.start : token.end], token.start, token.end)
            for token in self.reply.unknown
            if fold(text[token.start : token.end]) == token.norm
        )
        sentence = locales.text("documents.reading", self.locale, words=words)
        return Interpreted(sentence, unknown, round(self.reply.score, 3))

    def tell(self, say: Say) -> None:
        """Says what the documents say, word for word with its place; or that they don't, and where it comes nearest.
        Nothing where an analyst chose the passages."""
        if self.chosen:
            return
        if self.reply.answered:
            best, *others = self.reply.cited
            say(placed("says", best, self.locale))
            places = dict.fromkeys(placed("also", cited, self.locale) for cited in others)
            places.pop(placed("also", best, self.locale), None)
            for place in places:
                say(place)
            return
        count = len(self.infos)
        name = self.infos[0].name if self.infos else ""
        say(locales.text("documents.silent", self.locale))
        say(locales.text("documents.looked", self.locale, count=count, n=count, name=name))
        if self.reply.score >= _NEAR:
            say(placed("nearest", self.reply.cited[0], self.locale))


def _passage(cited: Cited) -> Passage:
    found = cited.found
    return Passage(
        cited.document.name, found.text, found.page, cited.score, " › ".join(found.headings), cited.start, cited.end,
        found.document, found.place,
    )  # fmt: skip


def tell_list(infos: Sequence[DocumentInfo], locale: str, say: Say) -> None:
    """Says which documents there are."""
    names = [f"**{info.name}**" for info in infos[:_MOST_LISTED]]
    if len(infos) > len(names):
        names.append(locales.text("answers.and_more", locale, n=locales.number(len(infos) - len(names), locale)))
    say(locales.text("documents.listed", locale, count=len(infos), n=len(infos), names=", ".join(names)))
