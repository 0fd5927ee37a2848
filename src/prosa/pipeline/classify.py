"""The first stage: language, intent and small talk, from the words alone."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources

from prosa import locales
from prosa.analysts.base import Classification, Intent
from prosa.analysts.rules.words import fold
from prosa.errors import QuestionError
from prosa.pipeline.documents import asks_documents
from prosa.pipeline.language import Language, detect
from prosa.pipeline.wishes import Wishes, wishes
from prosa.question import Context, Question

_SQL_WORDS = re.compile(r"^[\s(;]*(--|/\*|[a-z]+\b)", re.IGNORECASE)


def clean(text: str) -> str:
    """The text with control characters and lone surrogates as spaces, so that every place in it stays the same."""
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") else letter for letter in text)


def checked(question: Question, limit: int) -> str:
    """The question's clean text. QuestionError where it is empty or longer than `limit` characters."""
    if len(question.text) > limit:
        raise QuestionError("question_too_long", length=len(question.text), limit=limit)
    text = clean(question.text)
    if not any(letter.isalnum() for letter in text) and question.sql is None:
        raise QuestionError("question_empty")
    return text


def classify(question: Question, context: Context, wished: Wishes | None = None) -> Classification:
    """What is wanted, in which language; `reply` is filled for small talk. `wished` are the wishes in the question,
    where they are known already. Nothing is read or written."""
    language = detect(question.text, _spoken_before(context))
    locale = locales.normalise(question.locale or language)
    if question.sql is not None or _is_sql(question.text):
        return Classification(locale, "sql", language=language)
    bare = bare_words(question.text)
    talk = match("smalltalk", bare)
    if talk is not None:
        return Classification(locale, "smalltalk", language=language, reply=locales.text(f"answers.{talk[0]}", locale))
    found = wished or wishes(question.text)
    intent: Intent = "catalog" if match("catalog", bare) else "documents" if asks_documents(question.text) else "data"
    if found.alone:
        intent = "export" if found.export else "chart"
    return Classification(locale, intent, follow_up=bool(context.history), language=language)


def _spoken_before(context: Context) -> Language:
    """The language of the last answer, for questions too short to tell their own."""
    return "pt" if context.history and context.history[-1].answer.locale == locales.PT else "en"


def bare_words(text: str) -> str:
    """The folded text without the punctuation and pictures around it, for whole-question patterns."""
    letters = "".join(letter if letter.isalnum() or letter in "_-.'" else " " for letter in fold(text))
    return " ".join(letters.split()).strip(" .-'")


def match(group: str, bare: str) -> tuple[str, str] | None:
    """The kind whose pattern is the whole question, with the table it names ("" where none); None where none is."""
    if len(bare) > 200:
        return None
    for kind, pattern in _patterns(group):
        found = pattern.fullmatch(bare)
        if found:
            return kind, found.groupdict().get("table") or ""
    return None


@cache
def _patterns(group: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    path = resources.files(__package__).joinpath("intents.toml")
    kinds: dict[str, list[str]] = tomllib.loads(path.read_text("utf-8"))[group]
    return tuple((kind, re.compile(pattern)) for kind, patterns in kinds.items() for pattern in patterns)


def _is_sql(text: str) -> bool:
    if not _SQL_WORDS.match(text):
        return False
    from prosa.sources.guard import looks_like_sql

    return looks_like_sql(text)
