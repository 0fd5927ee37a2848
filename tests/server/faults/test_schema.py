"""Requests made from /openapi.json, right and wrong ones: no reply is a server error, none breaks what the document
says of it. By schemathesis, https://schemathesis.readthedocs.io."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.checks import load_all_checks

load_all_checks()
CHECKS = [
    checks.CHECKS.get_one(name)
    for name in (
        "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
        "response_schema_conformance",
    )
]  # fmt: skip

FEW, MANY = 4, 30
SLOW = pytest.param(MANY, marks=pytest.mark.slow, id="many")


@pytest.fixture(scope="module")
def server(serving, papers):
    with serving(sources=papers, runs_per_user=1000, runs_total=1000, send_timeout=5.0) as server:
        yield server


@pytest.fixture(scope="module")
def document(server):
    with server.client(None) as client:
        return client.get("/openapi.json").json()


@pytest.fixture(scope="module")
def known(ana):
    """Ids that lead somewhere, by the name of the parameter: else every reply would be 404."""
    conversation = ana.post("/api/conversations", json={"title": "x"}).json()["id"]
    run = ana.post(f"/api/conversations/{conversation}/runs", json={"question": "say hello"}).json()["run_id"]
    assert "event: completed" in ana.get(f"/api/runs/{run}/events").text
    return {
        "conversation_id": conversation, "run_id": run, "document_id": "guide.md", "model": "shops",
        "source_id": ana.get("/api/sources").json()[0]["id"],
    }  # fmt: skip


def operations(document):
    return [found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations()]


def try_out(server, ana, operation, known, examples):
    @settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None,
        phases=[Phase.explicit, Phase.generate], derandomize=examples == FEW,
    )  # fmt: skip
    @given(case=operation.as_strategy(), real=st.booleans())
    def answers(case, real):
        if real:
            case.path_parameters = {**(case.path_parameters or {}), **_of(case, known)}
        if case.query and "patience" in case.query:
            case.query["patience"] = 0.1
        reply = case.call(base_url=server.url, headers={"authorization": ana.headers["authorization"]}, timeout=60)
        case.validate_response(reply, checks=CHECKS)

    answers()


def _of(case, known):
    return {name: known[name] for name in case.path_parameters or {} if name in known}


def _told(error):
    parts = getattr(error, "exceptions", ())
    return "\n".join(map(_told, parts)) if parts else str(error)[:1000]


@pytest.mark.parametrize("examples", [pytest.param(FEW, id="few"), SLOW])
def test_every_address_answers_as_the_document_says(server, document, ana, known, examples):
    found = operations(document)
    assert len(found) > 40
    wrong = []
    for operation in found:
        try:
            try_out(server, ana, operation, known, examples)
        except (Exception, BaseExceptionGroup) as error:
            wrong.append(f"{operation.label}\n{_told(error)}")
    assert not wrong, "\n\n".join(wrong)
