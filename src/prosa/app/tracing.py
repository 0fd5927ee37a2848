"""OpenTelemetry spans (extra `otel`): one for each run, stage and statement, beside those of pydantic-ai for each call
of a model. Nothing here is imported while the setting `tracing` is off.

What a question, a statement or a row says is in no span unless `tracing_content` asks for it.
Names: https://opentelemetry.io/docs/specs/semconv/gen-ai/ and …/database/
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from opentelemetry import context as contexts
from opentelemetry import propagate, trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from prosa import __version__
from prosa.errors import ConfigError, ProsaError
from prosa.events import Event, StageCompleted, StageStarted
from prosa.question import Answerer, Context, Emit, Question
from prosa.results import Result
from prosa.sources.base import Database, GuardedQuery
from prosa.workers.pool import Workers

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

    from prosa.answer import Answer
    from prosa.runs import Run

Exporter = Literal["otlp", "console"]

_WORKFLOW = "prosa"


class Tracing:
    """The tracer, and the runs whose spans are open. The host's tracer provider is used where it has set one; else one
    of ours sends to `exporter`, as the environment variables of OpenTelemetry (`OTEL_…`) say."""

    def __init__(self, exporter: Exporter, *, content: bool) -> None:
        self._provider = _provider(exporter)
        self.tracer = self._provider.get_tracer("prosa", __version__)
        self.content = content
        self._runs: dict[str, RunSpan] = {}

    def answerer(self, answerer: Answerer) -> Answerer:
        """The same answerer, whose runs have spans."""
        return _Traced(answerer, self)

    def workers(self, **given: Any) -> Workers:
        """Workers whose statements have spans; `given` as `Workers` takes it."""
        return _TracedWorkers(self, **given)

    def begin(self, question: Question, context: Context) -> RunSpan:
        """The span of a run, in whatever span is current."""
        span = RunSpan(self, question, context)
        self._runs[context.run_id] = span
        return span

    def ended(self, run: Run) -> None:
        """Closes the span of a run that has ended, with all that is open in it."""
        span = self._runs.pop(run.id, None)
        if span is not None:
            span.end(run.answer)

    def instrumented(self, model: Any) -> Any:
        """A model of pydantic-ai, whose calls and tools have spans of its own making."""
        from pydantic_ai.models.instrumented import InstrumentationSettings, InstrumentedModel

        return InstrumentedModel(
            model,
            InstrumentationSettings(
                tracer_provider=self._provider,
                include_content=self.content,
                include_model_request_parameters=False,
            ),
        )

    @contextmanager
    def statement(self, operation: str, query: GuardedQuery, database: Database) -> Iterator[Span]:
        """The span of one statement."""
        told = {"db.system.name": query.dialect, "db.operation.name": operation}
        if self.content:
            told |= {"db.query.text": query.sql, "db.namespace": database.name}
        with self.tracer.start_as_current_span(
            f"{operation} {query.dialect}",
            kind=SpanKind.CLIENT,
            attributes=told,
            # Their words may hold what a statement or a cell says.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except BaseException as error:
                _failed(span, error.code if isinstance(error, ProsaError) else type(error).__name__)
                raise


class RunSpan:
    """The span of one run and those of its stages. A stage's span is current as long as it is at work, so that
    statements and calls of a model stand in it."""

    def __init__(self, tracing: Tracing, question: Question, context: Context) -> None:
        self._tracing = tracing
        told: dict[str, Any] = {
            "gen_ai.operation.name": "invoke_workflow",
            "gen_ai.workflow.name": _WORKFLOW,
            "prosa.run.id": context.run_id,
            "prosa.analyst": question.analyst,
        }
        if context.conversation:
            told["gen_ai.conversation.id"] = context.conversation
        if tracing.content:
            told["gen_ai.input.messages"] = _message("user", question.text)
        self._span = tracing.tracer.start_span(f"invoke_workflow {_WORKFLOW}", attributes=told)
        self._within = trace.set_span_in_context(self._span)
        self._stages: dict[str, Span] = {}

    @contextmanager
    def current(self) -> Iterator[None]:
        """The run's span as the current one."""
        token = contexts.attach(self._within)
        try:
            yield
        finally:
            contexts.detach(token)

    def watching(self, emit: Emit) -> Emit:
        """The same emit, which opens and closes the spans of stages."""

        def watched(event: Event) -> None:
            if isinstance(event, StageStarted):
                self._begin(event.stage)
            elif isinstance(event, StageCompleted):
                self._complete(event.stage)
            emit(event)

        return watched

    def end(self, answer: Answer) -> None:
        """Closes everything, as the run has ended."""
        status = answer.failure.code if answer.failure is not None else answer.status
        for span in self._stages.values():
            _failed(span, status)
            span.end()
        self._stages.clear()
        self._span.set_attribute("prosa.outcome", answer.status)
        if answer.tokens:
            self._span.set_attribute("prosa.tokens", answer.tokens)
        if answer.failure is not None:
            _failed(self._span, answer.failure.code)
        if self._tracing.content:
            self._span.set_attribute("gen_ai.output.messages", _message("assistant", answer.text))
        self._span.end()

    def _begin(self, stage: str) -> None:
        told = {"prosa.stage": stage}
        span = self._tracing.tracer.start_span(f"stage {stage}", context=self._within, attributes=told)
        self._stages[stage] = span
        # Never detached: the run's own detach gives back what was there before it, and another task's copy of the
        # context, in which an event may be emitted, is gone with that task.
        contexts.attach(trace.set_span_in_context(span))

    def _complete(self, stage: str) -> None:
        span = self._stages.pop(stage, None)
        if span is not None:
            span.end()
            contexts.attach(self._within)


class _Traced:
    """An `Answerer` whose runs have spans."""

    def __init__(self, answerer: Answerer, tracing: Tracing) -> None:
        self._answerer, self._tracing = answerer, tracing

    async def answer(self, question: Question, context: Context, emit: Emit) -> None:
        span = self._tracing.begin(question, context)
        with span.current():
            await self._answerer.answer(question, context, span.watching(emit))


class _TracedWorkers(Workers):
    """Workers whose statements have spans."""

    def __init__(self, tracing: Tracing, **given: Any) -> None:
        super().__init__(**given)
        self._tracing = tracing

    async def dry_run(self, query: GuardedQuery, database: Database) -> None:
        """As `Workers.dry_run`."""
        with self._tracing.statement("EXPLAIN", query, database):
            await super().dry_run(query, database)

    async def query(self, query: GuardedQuery, database: Database, **how: Any) -> Result:
        """As `Workers.query`."""
        with self._tracing.statement("SELECT", query, database) as span:
            result = await super().query(query, database, **how)
            span.set_attribute("db.response.returned_rows", result.total)
            return result


@contextmanager
def caller(headers: Mapping[str, str]) -> Iterator[None]:
    """The span that a request comes from (`traceparent`, https://www.w3.org/TR/trace-context/) as the current one,
    unless the host already has one of its own."""
    if trace.get_current_span().get_span_context().is_valid:
        yield
        return
    token = contexts.attach(propagate.extract(headers))
    try:
        yield
    finally:
        contexts.detach(token)


def _failed(span: Span, code: str) -> None:
    span.set_attribute("error.type", code)
    span.set_status(Status(StatusCode.ERROR))


def _message(role: str, text: str) -> str:
    return msgspec.json.encode([{"role": role, "parts": [{"type": "text", "content": text}]}]).decode()


def _provider(exporter: Exporter) -> TracerProvider:
    """The host's provider, or one of ours that is then everybody's. ConfigError `extra_missing`."""
    known = trace.get_tracer_provider()
    if not isinstance(known, trace.ProxyTracerProvider):
        return known
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor
    except ImportError as error:
        raise ConfigError("extra_missing", extra="otel") from error
    resource = Resource.create()
    if str(resource.attributes.get("service.name", "")).startswith("unknown_service"):
        resource = resource.merge(Resource({"service.name": "prosa", "service.version": __version__}))
    provider = TracerProvider(resource=resource)
    if exporter == "console":
        provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(out=sys.stderr)))
    else:
        provider.add_span_processor(BatchSpanProcessor(_otlp()))
    trace.set_tracer_provider(provider)
    return provider


def _otlp() -> Any:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ImportError as error:
        raise ConfigError("extra_missing", extra="otel") from error
    return OTLPSpanExporter()
