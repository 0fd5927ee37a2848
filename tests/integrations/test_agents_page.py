"""The lines of docs/agents.md, run as they stand; only who asks is given by the test."""

from __future__ import annotations

import asyncio
import functools
import re
import warnings
from pathlib import Path

import httpx
import pytest

import prosa
from prosa.config import Settings
from prosa.identity import Principal

pytest.importorskip("langgraph", reason="needs the extra `langgraph`")
pytest.importorskip("vanna", reason="needs the extra `vanna`")

BLOCKS = re.findall(r"```python\n(.*?)```", (Path(__file__).parents[2] / "docs/agents.md").read_text(), re.DOTALL)


@pytest.fixture
def graph():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of LangChain's own imports
        from langchain_core.messages import AIMessage
        from langgraph.graph import START, MessagesState, StateGraph

    def speak(state):
        return {"messages": [AIMessage("Seven.")]}

    return StateGraph(MessagesState).add_node("speak", speak).add_edge(START, "speak").compile()


def test_the_lines_of_the_page_answer(graph, vanna, served, tmp_path, monkeypatch):
    from vanna import MockLlmService

    settings = Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")
    plain = functools.partial(prosa.asgi, principal=lambda request: Principal("ana"), settings=settings)
    monkeypatch.setattr(prosa, "asgi", plain, raising=False)
    known = {"graph": graph, "agent": vanna(MockLlmService("Eight."))}
    said = []
    for block in BLOCKS:
        exec(block, known)
        if "app" in known:
            with served(known.pop("app"), "on") as url:
                reply = httpx.post(
                    f"{url}/api/ask", json={"question": "how many?"}, headers={"accept": "application/json"}
                )
            said.append(reply.json()["blocks"][0]["text"])
    assert said[0] == "Seven."
    assert said[1].startswith("Eight.")
    assert said[2] == "ana asked: how many?"
    assert asyncio.run(known["ask"]("how many?")).text == "Seven."
