"""Makes each part from the settings. Nothing is kept here."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prosa import __version__
from prosa.config import Settings
from prosa.errors import ConfigError
from prosa.locales import normalise

if TYPE_CHECKING:
    from prosa.analysts.base import Analyst
    from prosa.analysts.llm import LlmAnalyst
    from prosa.app.tracing import Tracing
    from prosa.charts.style import Template
    from prosa.conversations.store import ConversationStore
    from prosa.exports.store import Store
    from prosa.question import Answerer
    from prosa.runs import RunManager
    from prosa.workers.databases import Databases
    from prosa.workers.documents import Documents
    from prosa.workers.pool import Workers

_HEAVY = ("prosa.pipeline", "prosa.sources.guard", "prosa.analysts.rules", "prosa.charts", "babel.numbers")


def warm() -> None:
    """Imports what the first question needs, while the first child process is still starting."""
    for module in _HEAVY:
        import_module(module)


def tracing(settings: Settings) -> Tracing | None:
    """What makes spans, where the settings ask for it. ConfigError `extra_missing`."""
    if settings.tracing == "off":
        return None
    try:
        from prosa.app.tracing import Tracing
    except ImportError as error:
        raise ConfigError("extra_missing", extra="otel") from error
    return Tracing(settings.tracing, content=settings.tracing_content)


def workers(settings: Settings, tracing: Tracing | None = None) -> Workers:
    """The child processes; they start when it is entered."""
    from prosa.workers.pool import Workers

    given: dict[str, Any] = {
        "cache_dir": settings.cache_dir,
        "memory_limit": settings.worker_memory,
        "threads": settings.worker_threads,
        "questions": settings.worker_questions,
        "exports": settings.worker_exports,
        "kill_after": settings.worker_kill_after,
        "snapshot_cap": settings.snapshot_cap,
    }
    return Workers(**given) if tracing is None else tracing.workers(**given)


def results(settings: Settings) -> Store:
    """Where results and files are held."""
    from prosa.exports.store import Store

    return Store(
        per_item=settings.store_file,
        per_user=settings.store_user,
        in_all=settings.store_total,
        seconds=settings.store_age,
    )


def pictures(settings: Settings) -> None:
    """The limits of pictures; the process that draws them starts with the first one."""
    from prosa.charts.images.pictures import shared

    shared().limit(seconds=settings.picture_time_limit, waiting=settings.picture_queue, largest=settings.picture_size)


def databases(workers: Workers, sources: Iterable[tuple[str, str]]) -> Databases:
    """The sources, read when they are first asked."""
    from prosa.workers.databases import Databases

    return Databases(workers, sources)


def documents(settings: Settings, workers: Workers, places: Iterable[tuple[str, str]]) -> Documents:
    """The documents, read when they are first asked. StorageError."""
    from prosa.documents.index import Index
    from prosa.documents.values import Limits
    from prosa.workers.documents import Documents

    limits = Limits(
        settings.document_size, settings.document_pages, settings.document_ratio, settings.document_expanded
    )
    index = Index(settings.cache_dir / "documents.db")
    return Documents(workers, index, limits=limits, time_limit=settings.document_time_limit, places=places)


async def conversations(settings: Settings) -> ConversationStore:
    """The kept conversations. StorageError."""
    from prosa.conversations.store import ConversationStore

    return await ConversationStore.open(settings.data_dir / "conversations.db")


def template(settings: Settings) -> Template:
    """The look of charts."""
    from prosa.charts.style import Template

    return Template(settings.chart_colors, settings.chart_font, settings.chart_logo)


def pipeline(
    settings: Settings,
    workers: Workers,
    databases: Databases,
    documents: Documents,
    results: Store,
    model: LlmAnalyst | None,
) -> Answerer:
    """The five stages with the analysts that the settings allow."""
    from prosa.pipeline import StagedPipeline

    return StagedPipeline(
        workers=workers,
        databases=databases,
        documents=documents,
        analysts=analysts(settings, model),
        results=results,
        time_limit=settings.statement_time_limit,
        question_limit=settings.question_length,
        version=__version__,
        template=template(settings),
    )


def model(settings: Settings, workers: Workers, tracing: Tracing | None = None) -> LlmAnalyst | None:
    """The model of the settings, if any; what it needs is loaded by the first question that it is asked, or when it is
    warmed, and then it is told what is wrong with it."""
    if not settings.model:
        return None
    from prosa import grounding
    from prosa.analysts.llm import Budget, LlmAnalyst, ModelChoice

    budget = Budget(
        requests=settings.model_requests,
        tool_calls=settings.model_tool_calls,
        repairs=settings.model_repairs,
        tokens=settings.model_tokens,
        seconds=settings.model_time,
    )
    choice = ModelChoice(settings.model, settings.model_url)
    return LlmAnalyst(
        choice, workers, grounding.Check, budget=budget, sees=settings.model_sees,
        instrumented=tracing.instrumented if tracing is not None else None,
    )  # fmt: skip


def analysts(settings: Settings, model: LlmAnalyst | None) -> dict[str, Analyst]:
    """The rules; with a model, also that and both together."""
    from prosa.analysts.rules import Glossary, RulesAnalyst

    rules = RulesAnalyst(Glossary.read(Path(settings.glossary)) if settings.glossary else None)
    if model is None:
        return {"rules": rules}
    from prosa.analysts.routing import AutoAnalyst

    return {"rules": rules, "llm": model, "auto": AutoAnalyst(rules, model, sure=settings.model_sure)}


def runs(settings: Settings, answerer: Answerer, conversations: ConversationStore | None) -> RunManager:
    """The runs and their logs."""
    from prosa.pipeline.language import detect
    from prosa.runs import RunManager

    return RunManager(
        answerer,
        conversations=conversations,
        run_seconds=settings.run_time_limit,
        per_user=settings.runs_per_user,
        in_all=settings.runs_total,
        waiting=settings.runs_waiting,
        question_length=settings.question_length,
        log_bytes=settings.log_bytes,
        log_entries=settings.log_entries,
        log_total=settings.log_total,
        keep_seconds=settings.log_age,
        locale_of=lambda question: normalise(question.locale or detect(question.text)),
    )
