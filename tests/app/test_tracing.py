"""Spans of OpenTelemetry: one trace a run, with stages and statements in it, and nothing that anybody said."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

import prosa
from prosa import config
from prosa import events as e
from prosa.errors import QueryError

SALES = "store,amount\nCafé Sul,10\nEmpório,20\n"
QUESTION = "total amount by store"


@pytest.fixture
def sales(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text(SALES)
    return path


@pytest.fixture
def folders(tmp_path):
    return {"data_dir": str(tmp_path / "data"), "cache_dir": str(tmp_path / "cache")}


def by_name(kept):
    return {span.name: span for span in kept.get_finished_spans()}


def told(kept):
    return "\n".join(span.to_json() for span in kept.get_finished_spans())


class Failing:
    """Fails, or hangs, in the middle of a stage."""

    def __init__(self, error=None):
        self.error, self.begun = error, asyncio.Event()

    async def answer(self, question, context, emit):
        emit(e.StageStarted("execute"))
        self.begun.set()
        if self.error is not None:
            raise self.error
        await asyncio.Event().wait()


async def test_a_run_is_one_trace_of_stages_and_statements(spans, sales, folders):
    async with prosa.open(sales, tracing="otlp", **folders) as desk:
        answer = await (await desk.start(QUESTION)).finished()
    assert answer.status == "answered"
    found = by_name(spans)
    run = found["invoke_workflow prosa"]
    assert run.attributes["gen_ai.operation.name"] == "invoke_workflow"
    assert run.attributes["prosa.run.id"] == answer.run_id
    assert run.attributes["prosa.outcome"] == "answered"
    stages = {name: span for name, span in found.items() if name.startswith("stage ")}
    assert [*stages] == ["stage classify", "stage select", "stage plan", "stage execute", "stage respond"]
    assert {span.parent.span_id for span in stages.values()} == {run.context.span_id}
    dry, ran = found["EXPLAIN duckdb"], found["SELECT duckdb"]
    assert dry.parent.span_id == stages["stage plan"].context.span_id
    assert ran.parent.span_id == stages["stage execute"].context.span_id
    assert ran.attributes["db.system.name"] == "duckdb"
    assert ran.attributes["db.response.returned_rows"] == 2
    assert {span.context.trace_id for span in found.values()} == {run.context.trace_id}
    assert all(span.status.is_ok or span.status.is_unset for span in found.values())


@pytest.mark.parametrize("content", [False, True])
async def test_what_was_said_is_in_spans_only_where_it_is_asked_for(spans, sales, folders, content):
    async with prosa.open(sales, tracing="otlp", tracing_content=content, **folders) as desk:
        answer = await (await desk.start(QUESTION)).finished()
    words = told(spans)
    assert (QUESTION in words) is content
    assert ("SUM(" in words) is content
    assert ("sales" in words) is content
    assert (
        "Empório" in by_name(spans)["invoke_workflow prosa"].attributes.get("gen_ai.output.messages", "")
    ) is content
    assert answer.status == "answered"


async def test_a_statement_that_fails_ends_its_span_without_its_words(spans, sales, folders):
    async with prosa.open(sales, tracing="otlp", **folders) as desk:
        sql = "SELECT CAST(store AS INTEGER) AS n FROM sales"
        answer = await (await desk.start(prosa.Question("x", sql=sql))).finished()
    assert answer.status == "failed"
    span = by_name(spans)["SELECT duckdb"]
    assert not span.status.is_ok
    assert span.attributes["error.type"] == answer.failure.code
    assert "Café" not in told(spans)
    assert by_name(spans)["stage execute"].end_time is not None


async def test_a_run_that_fails_ends_all_its_spans(spans, folders):
    async with prosa.open(answerer=Failing(QueryError(what="secret cell")), tracing="otlp", **folders) as desk:
        await (await desk.start("x")).finished()
    found = by_name(spans)
    assert [*found] == ["stage execute", "invoke_workflow prosa"]
    assert {span.attributes["error.type"] for span in found.values()} == {"query_failed"}
    assert "secret" not in told(spans)


async def test_a_cancelled_run_ends_all_its_spans(spans, folders):
    agent = Failing()
    async with prosa.open(answerer=agent, tracing="otlp", **folders) as desk:
        run = await desk.start("x")
        await agent.begun.wait()
        run.ask_to_stop("cancel")
        await run.finished()
    found = by_name(spans)
    assert found["stage execute"].attributes["error.type"] == "cancelled"
    assert found["invoke_workflow prosa"].attributes["prosa.outcome"] == "cancelled"


async def test_runs_at_once_are_traces_apart(spans, sales, folders):
    async with prosa.open(sales, tracing="otlp", **folders) as desk:
        runs = [await desk.start(QUESTION) for _ in range(3)]
        for run in runs:
            await run.finished()
    finished = spans.get_finished_spans()
    traces = {span.context.trace_id for span in finished if span.name.startswith("invoke_workflow")}
    assert len(traces) == 3
    for trace in traces:
        assert sum(span.context.trace_id == trace for span in finished) == 8


def test_a_request_brings_its_trace_along(spans, sales, folders, served):
    settings = config.read({"tracing": "otlp", **folders})
    app = prosa.asgi(sales, principal=lambda request: prosa.Principal("ana"), settings=settings)
    caller = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    with served(app, "on") as url:
        headers = {"traceparent": f"00-{caller[0]}-{caller[1]}-01", "accept": "application/json"}
        assert httpx.post(f"{url}/api/ask", json={"question": QUESTION}, headers=headers, timeout=60).status_code == 200
        httpx.post(f"{url}/api/ask", json={"question": QUESTION}, headers={"accept": "application/json"}, timeout=60)
    first, second = (span for span in spans.get_finished_spans() if span.name.startswith("invoke_workflow"))
    assert f"{first.context.trace_id:032x}" == caller[0]
    assert f"{first.parent.span_id:016x}" == caller[1]
    assert second.parent is None


def ask(sales, folders, *options, **env):
    command = [sys.executable, "-m", "prosa", "ask", str(sales), QUESTION, *options]
    known = {f"PROSA_{name.upper()}": value for name, value in folders.items()}
    return subprocess.run(command, env={**os.environ, **known, **env}, capture_output=True, text=True, timeout=120)


def test_spans_can_be_looked_at_on_the_console(spans, sales, folders):
    done = ask(sales, folders, "--set", "tracing=console")
    assert done.returncode == 0, done.stderr
    assert '"name": "invoke_workflow prosa"' in done.stderr
    assert "invoke_workflow" not in done.stdout


def test_spans_are_sent_to_a_collector(spans, sales, folders):
    received = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *given):
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        done = ask(
            sales, folders, "--set", "tracing=otlp",
            OTEL_EXPORTER_OTLP_ENDPOINT=address, OTEL_EXPORTER_OTLP_COMPRESSION="none",
        )  # fmt: skip
        server.shutdown()
    assert done.returncode == 0, done.stderr
    assert {path for path, _ in received} == {"/v1/traces"}
    body = b"".join(data for _, data in received)
    assert b"invoke_workflow prosa" in body
    assert b"SELECT duckdb" in body
    assert QUESTION.encode() not in body


def test_nothing_of_it_is_loaded_while_it_is_off(sales, folders):
    code = (
        "import sys, prosa\n"
        f"assert prosa.ask({str(sales)!r}, {QUESTION!r}).status == 'answered'\n"
        "assert 'prosa.app.tracing' not in sys.modules\n"
        "assert not any(name.startswith('opentelemetry') for name in sys.modules)\n"
    )
    known = {f"PROSA_{name.upper()}": value for name, value in folders.items()}
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **known}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
