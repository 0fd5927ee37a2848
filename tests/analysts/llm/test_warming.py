"""The model's layer is loaded while the server waits for its first question."""

import asyncio

import pytest
from pydantic_ai.models.test import TestModel

import prosa
from prosa import grounding
from prosa.analysts.llm import LlmAnalyst, ModelChoice
from prosa.config import Settings
from prosa.errors import ConfigError
from prosa.identity import LOCAL
from prosa.question import Context, Question


class Doors(TestModel):
    """Notes when its connections are opened and closed."""

    def __init__(self):
        super().__init__()
        self.opened, self.closed = asyncio.Event(), asyncio.Event()

    async def __aenter__(self):
        self.opened.set()
        return await super().__aenter__()

    async def __aexit__(self, *error):
        self.closed.set()
        return await super().__aexit__(*error)


async def test_a_model_that_was_warmed_is_open_before_it_is_asked():
    model = Doors()
    analyst = LlmAnalyst(model, None, grounding.Check)
    analyst.warm()
    await model.opened.wait()
    await analyst.aclose()
    assert model.closed.is_set()


async def test_closing_does_not_wait_for_the_warming():
    model = Doors()
    analyst = LlmAnalyst(model, None, grounding.Check)
    analyst.warm()
    await analyst.aclose()
    assert not model.opened.is_set()


async def test_what_the_warming_meets_is_told_by_the_question_and_by_nobody_else(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
    analyst = LlmAnalyst(ModelChoice("openai:none"), None, grounding.Check)
    analyst.warm()
    (warming,) = (task for task in asyncio.all_tasks() if task.get_name() == "prosa-model-warming")
    await asyncio.wait([warming])
    del warming
    with pytest.raises(ConfigError) as error:
        await analyst.plan(Question("how many?"), Context(LOCAL, "run"), None)
    assert error.value.code == "model_no_key"
    await analyst.aclose()
    del analyst
    assert complaints == []


@pytest.mark.parametrize("with_model", [True, False])
async def test_a_server_that_has_started_warms_its_model(sales, settings, tmp_path, with_model):
    model = {"model": settings["model"], "model_url": settings["model_url"]} if with_model else {}
    chosen = Settings(cache_dir=tmp_path / "cache", data_dir=tmp_path / "data", **model)
    application = prosa.asgi(sales, settings=chosen, principal=lambda request: LOCAL)
    messages = iter(["lifespan.startup", "lifespan.shutdown"])
    warming = []

    async def receive():
        message = next(messages)
        if message == "lifespan.shutdown":
            warming.extend(task for task in asyncio.all_tasks() if task.get_name() == "prosa-model-warming")
        return {"type": message}

    async def send(message):
        assert message["type"].endswith(".complete")

    await application({"type": "lifespan"}, receive, send)
    assert len(warming) == with_model
