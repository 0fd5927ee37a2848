"""The OpenAPI document tells the truth about every address."""

import json
import re

import pytest
from fastapi.routing import APIRoute


@pytest.fixture
def document(nobody):
    return nobody.get("/openapi.json").json()


def references(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_reference_leads_somewhere(document):
    for reference in set(references(document)):
        assert reference.startswith("#/components/schemas/")
        assert reference.rpartition("/")[2] in document["components"]["schemas"], reference


def test_every_address_of_the_native_wire_is_described(document):
    described = {(method.upper(), path) for path, operations in document["paths"].items() for method in operations}
    expected = """
        POST /api/conversations · GET /api/conversations · GET /api/conversations/{conversation_id}
        · PATCH /api/conversations/{conversation_id} · DELETE /api/conversations/{conversation_id}
        · GET /api/conversations/{conversation_id}/export · POST /api/conversations/{conversation_id}/runs
        · POST /api/ask · GET /api/runs/{run_id}/events · GET /api/runs/{run_id} · POST /api/runs/{run_id}/cancel
        · GET /api/results/{result_id} · GET /api/results/{result_id}/export · GET /api/files/{file_id}
        · POST /api/query · GET /api/sources · GET /api/sources/{source_id}/catalog · POST /api/uploads
        · GET /healthz · GET /readyz · GET /metrics · GET /docs
    """
    assert {tuple(line.split()) for line in expected.split("·")} <= described


def test_every_refusal_is_described_as_a_problem(document):
    for operations in document["paths"].values():
        for operation in operations.values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]
            assert "422" not in operation["responses"]
            assert operation["description"]


def test_names_of_operations_are_unique(document):
    names = [operation["operationId"] for operations in document["paths"].values() for operation in operations.values()]
    assert len(names) == len(set(names))


def test_what_is_said_of_replies_is_so(ana, document):
    conversation = ana.post("/api/conversations", json={}).json()["id"]
    asked = ana.post(f"/api/conversations/{conversation}/runs", json={"question": "table"}).json()["run_id"]
    ana.get(f"/api/runs/{asked}/events")
    places = {"conversation_id": conversation, "run_id": asked, "result_id": f"table-{asked}"}
    checked = 0
    for path, operations in document["paths"].items():
        names = re.findall(r"\{(\w+)\}", path)
        if "get" not in operations or not set(names) <= set(places) or "results" in path or path.endswith(".zip"):
            continue
        reply = ana.get(path.format(**places))
        described = operations["get"]["responses"][str(reply.status_code)].get("content", {})
        if not described:
            continue
        kind = reply.headers["content-type"].partition(";")[0]
        assert kind in described, path
        checked += _matches(reply, described[kind]["schema"], document)
    assert checked > 5


def fields(schema, document):
    """A schema's required and known fields, through references and combinations."""
    if "$ref" in schema:
        return fields(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    parts = [fields(part, document) for part in schema.get("allOf", ())]
    required = set(schema.get("required", ())).union(*(part[0] for part in parts))
    return required, set(schema.get("properties", ())).union(*(part[1] for part in parts))


def _matches(reply, schema, document):
    """Whether JSON objects have the fields that their schema requires and none that it does not know."""
    found = json.loads(reply.content) if "json" in reply.headers["content-type"] else None
    found, schema = (found[0], schema["items"]) if isinstance(found, list) and found else (found, schema)
    required, known = fields(schema, document)
    if not known or not isinstance(found, dict):
        return 0
    assert required <= set(found) <= known
    return 1


def test_no_route_was_forgotten(server):
    routes = [route for route in server.app._app._app.routes if isinstance(route, APIRoute)]
    assert all(route.responses for route in routes if route.include_in_schema)
