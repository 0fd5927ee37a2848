"""A file that is written while it is sent."""

import asyncio

import pytest

from prosa.errors import QueryError
from prosa.server.connection import ABORT
from prosa.server.download import Download


class Writing:
    """An export of these chunks; an error among them is raised in its place."""

    def __init__(self, *chunks):
        self.chunks, self.closed = chunks, False
        self.rows, self.sha256 = None, None

    async def __aiter__(self):
        for chunk in self.chunks:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk
        self.rows, self.sha256 = 3, "abc"

    async def aclose(self):
        self.closed = True


class Client:
    """Takes messages; after `patience` of them it takes nothing more."""

    def __init__(self, patience=None):
        self.sent, self.patience, self.gone = [], patience, asyncio.Event()

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if self.patience is not None and len(self.sent) >= self.patience:
            await asyncio.Event().wait()
        self.sent.append(message)

    @property
    def headers(self):
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def complete(self):
        return bool(self.sent) and self.sent[-1].get("more_body") is False


async def download(export, client, *, send_timeout=60.0, **scope):
    """Sends an export; how often it was delivered whole."""
    delivered = []
    response = Download(export, {"x-a": "b"}, lambda: delivered.append(1), send_timeout=send_timeout)
    await response({"type": "http", **scope}, client.receive, client.send)
    return len(delivered)


async def test_a_small_file_has_its_length_and_digest():
    export, client = Writing(b"a,b\r\n", b"1,2\r\n"), Client()
    assert await download(export, client) == 1
    assert client.headers == {"x-a": "b", "content-length": "10", "prosa-sha256": "abc"}
    assert [message.get("body") for message in client.sent[1:]] == [b"a,b\r\n1,2\r\n"]
    assert export.closed


async def test_a_large_file_flows():
    export, client = Writing(*[b"x" * 100_000] * 5), Client()
    assert await download(export, client) == 1
    assert client.headers == {"x-a": "b"}
    assert b"".join(message.get("body", b"") for message in client.sent) == b"x" * 500_000
    assert client.complete


async def test_what_fails_at_once_is_still_a_problem():
    export, client = Writing(b"a", QueryError(what="x")), Client()
    with pytest.raises(QueryError):
        await download(export, client)
    assert client.sent == []
    assert export.closed


async def test_what_fails_later_is_not_completed():
    export, client = Writing(b"x" * 300_000, QueryError(what="x")), Client()
    with pytest.raises(QueryError):
        await download(export, client)
    assert not client.complete
    assert export.closed


async def test_a_client_who_goes_stops_the_export():
    export, client = Writing(*[b"x" * 300_000] * 3), Client(patience=2)
    sending = asyncio.create_task(download(export, client))
    await asyncio.sleep(0)
    client.gone.set()
    assert await sending == 0
    assert export.closed


async def test_a_client_who_takes_nothing_is_cut_off():
    cut = []
    export, client = Writing(*[b"x" * 300_000] * 3), Client(patience=2)
    scope = {"extensions": {ABORT: {"cut": lambda: cut.append(1)}}}
    assert await download(export, client, send_timeout=0.01, **scope) == 0
    assert cut == [1]
    assert export.closed


async def test_an_empty_file_is_a_file():
    client = Client()
    assert await download(Writing(), client) == 1
    assert client.headers["content-length"] == "0"
