"""Bare FastAPI applications on real sockets with a chat endpoint in them, and agents that do as they are told."""

import asyncio
import json
import threading
from contextlib import contextmanager

import httpx
import pytest
from fastapi import FastAPI

from prosa.integrations.fastapi import MemoryConversations, MemoryCsvManager, SSEChatEndpoint, create_sse_endpoint

PATH = "/api/vanna/v2/chat_sse"


class Talking:
    """An agent of components: yields what it was given; calls what can be called first."""

    def __init__(self, *parts):
        self.parts, self.asked, self.closed = parts, [], threading.Event()

    async def send_message(self, request_context, message, *, conversation_id=None):
        self.asked.append((request_context, message, conversation_id))
        try:
            for part in self.parts:
                if callable(part):
                    part = part()
                    part = await part if asyncio.iscoroutine(part) else part
                yield part
        finally:
            self.closed.set()


class Rows:
    """Runs every statement to the same two rows."""

    def __init__(self):
        self.ran = []

    async def run_sql(self, args, context):
        self.ran.append((args.sql, context.user.id))
        return [{"name": "AC/DC", "albums": 2}, {"name": "=1+1", "albums": 1}]


class Chatting:
    """A running application, and the frames of its answers."""

    def __init__(self, url, endpoint):
        self.url, self.endpoint = url, endpoint

    def post(self, body, **headers):
        return httpx.post(f"{self.url}{PATH}", json=body, headers=headers, timeout=30)

    def ask(self, message, user="ana", **more):
        reply = self.post({"message": message, "user_id": user, **more})
        assert reply.status_code == 200, reply.text
        found = []
        for frame in filter(None, reply.text.split("\n\n")):
            name, data = frame.split("\n")
            found.append(json.loads(data.removeprefix("data: ")))
            assert name == f"event: {found[-1]['event']}"
        return found

    def get(self, path, user="ana"):
        return httpx.get(f"{self.url}{path}", headers={"x-user-id": user})


@pytest.fixture
def chatting(served):
    """`with chatting(agent, **more) as chat`: a bare application with the endpoint in it."""

    @contextmanager
    def chat(agent, **more):
        given = {"sql_runner": Rows(), "csv_manager": MemoryCsvManager(), "conversation_store": MemoryConversations()}
        endpoint = SSEChatEndpoint(agent, **{**given, **more})
        app = FastAPI()
        create_sse_endpoint(app, endpoint)
        with served(app) as url:
            yield Chatting(url, endpoint)

    return chat


@pytest.fixture
def talking():
    return Talking


@pytest.fixture
def rows():
    return Rows()
