"""A second imitated provider, made by others: aimock from npm, over real HTTP. Each provider's own client goes through
the loop of tools, a repaired plan and streamed words, with the same fixtures."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from prosa.events import Notice, Sql, ToolCalled

SCRIPT = Path(__file__).parents[2] / "clients" / "aimock.mjs"
WORDS = "Grão comes first with 3,678. Then come Empório and Café Sul."


USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "input_tokens": 100, "output_tokens": 20}


def called(tool, **arguments):
    return {"toolCalls": [{"name": tool, "arguments": json.dumps(arguments)}], "usage": USAGE}


def planned(sql):
    return called("plan", reading="Total amount for each store.", queries=[{"sql": sql}])


GOOD = "SELECT store, SUM(amount) AS total FROM sales GROUP BY store ORDER BY total DESC"
ASKED = "revenue by store please"
FIXTURES = [
    {"match": {"userMessage": "It was read as"}, "response": {"content": WORDS, "usage": USAGE}},
    {"match": {"userMessage": "`ready`"}, "response": called("ready", ready=True)},
    {"match": {"userMessage": "a busy day"}, "response": {"error": {"message": "no", "type": "x"}, "status": 429}},
    {"match": {"userMessage": "a locked door"}, "response": {"error": {"message": "no", "type": "x"}, "status": 401}},
    {"match": {"toolResultContains": "can't run"}, "response": planned(GOOD)},
    {"match": {"toolResultContains": "untrusted"}, "response": planned("SELECT store, SUM(amonut) FROM sales")},
    {"match": {"userMessage": ASKED, "hasToolResult": False}, "response": called("search_schema", words="stores")},
]
PROVIDERS = {
    "openai:gpt-fake": "/v1",
    "openai-responses:gpt-fake": "/v1",
    "anthropic:claude-fake": "",
    "google:gemini-fake": "",
    "ollama:llama-fake": "/v1",
}


# aimock ends Gemini's calls of tools with a reason that Google's client does not know, and warns of.
pytestmark = pytest.mark.filterwarnings("ignore:FUNCTION_CALL is not a valid FinishReason")


@pytest.fixture(scope="module")
def aimock(npm_folder, node_program):
    """The address of aimock with the fixtures above."""
    place = Path(tempfile.mkdtemp(dir=npm_folder))
    shutil.copy(SCRIPT, place)
    (place / "fixtures.json").write_text(json.dumps({"fixtures": FIXTURES}), "utf-8")
    given = json.dumps({"fixtures": str(place / "fixtures.json")})
    command = [node_program, str(place / SCRIPT.name), given]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        yield process.stdout.readline().strip()
        process.stdin.close()
        process.wait(30)
    shutil.rmtree(place)


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setenv("GOOGLE_API_KEY", "secret-key")


@pytest.mark.parametrize("model", PROVIDERS)
async def test_each_providers_client_goes_through_tools_a_repair_and_streamed_words(asked, keys, aimock, model):
    answer, events = await asked(ASKED, model=model, model_url=aimock + PROVIDERS[model])
    assert answer.status == "answered", answer.failure
    assert answer.text == WORDS
    assert answer.table.rows[0] == ("Grão", 3678)
    assert [event.tool for event in events if isinstance(event, ToolCalled)] == ["search_schema"]
    assert len([event for event in events if isinstance(event, Sql)]) == 1
    assert not [event for event in events if isinstance(event, Notice)]
    assert events[-1].tokens > 0


@pytest.mark.slow
@pytest.mark.parametrize("model", PROVIDERS)
@pytest.mark.parametrize(("question", "code"), [("a busy day", "model_busy"), ("a locked door", "model_key")])
async def test_each_providers_refusals_are_the_same_to_us(asked, keys, aimock, model, question, code):
    answer, _ = await asked(question, model=model, model_url=aimock + PROVIDERS[model])
    assert answer.failure.code == code


@pytest.mark.parametrize("model", PROVIDERS)
async def test_each_providers_client_takes_the_small_question_of_the_doctor(keys, aimock, model, monkeypatch):
    from prosa.analysts.llm import ModelChoice
    from prosa.analysts.llm.probe import probe

    monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret-key")
    found = await probe(ModelChoice(model, aimock + PROVIDERS[model]), 60.0)
    assert found.calls_tools
    assert found.tokens > 0
