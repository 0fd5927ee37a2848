"""The server as a process: its link, its end, its crash, its refusals."""

import os
import re
import signal
import socket
import threading

import pytest

from prosa.config import Settings
from prosa.errors import ConfigError, UsageError
from prosa.server.serve import bound, check_exposure, is_loopback, link

ANSWERER = """
import asyncio
from prosa import events as e

class Answerer:
    async def answer(self, question, context, emit):
        emit(e.StageStarted("plan"))
        if question.text == "hang":
            await asyncio.Event().wait()
        emit(e.Text(0, "hello"))
"""


def test_the_link_signs_in_and_the_end_is_clean(process, tmp_path):
    with process(tmp_path, ANSWERER) as (running, client):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{40,}", client.link)
        assert "event: completed" in client.post("/api/ask", json={"question": "hi"}).text
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=20)
        assert (running.returncode, out, err) == (0, "ended\n", "")
    left = sorted(path.name for path in (tmp_path / "data").iterdir())
    assert left == ["conversations.db"]


def test_two_servers_share_one_store(process, tmp_path):
    with process(tmp_path, ANSWERER) as (_, one), process(tmp_path, ANSWERER) as (_, other):
        conversation = one.post("/api/conversations", json={"title": "shared"}).json()["id"]
        hung = one.post(f"/api/conversations/{conversation}/runs", json={"question": "hang"}).json()["run_id"]
        [head] = other.get("/api/conversations").json()
        assert head["title"] == "shared"
        [turn] = other.get(f"/api/conversations/{conversation}").json()["items"]
        assert turn["answer"]["status"] == "running"
        assert one.get(f"/api/runs/{hung}").json()["status"] == "running"


def test_a_port_that_is_taken_is_said_to_be():
    listener = bound("127.0.0.1", 0)
    port = listener.getsockname()[1]
    with pytest.raises(UsageError) as caught:
        bound("127.0.0.1", port)
    listener.close()
    assert caught.value.code == "port_taken"
    assert str(port) in caught.value.sentence()
    bound("127.0.0.1", port).close()


def test_a_host_that_is_not_ours_is_said_to_be():
    for host in ("no such host", "192.0.2.1"):
        with pytest.raises(UsageError):
            bound(host, 0)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "exposed"),
        ({"auth": False}, "exposed_open"),
        ({"auth": False, "token": "a-token-of-16-chars"}, "exposed_open"),
        ({"token": "a-token-of-16-chars"}, None),
        ({"trusted_proxy": ("10.0.0.0/8",)}, None),
    ],
)
def test_beyond_this_machine_only_with_a_chosen_sign_in(more, code):
    check_exposure(Settings(host="127.0.0.1", **more))
    exposed = Settings(host="0.0.0.0", **more)
    if code is None:
        check_exposure(exposed)
        return
    with pytest.raises(ConfigError) as caught:
        check_exposure(exposed)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("x.org", False),
    ],
)
def test_which_hosts_are_this_machine_alone(host, answer):
    assert is_loopback(host) is answer


@pytest.mark.parametrize(
    ("host", "name"), [("0.0.0.0", "127.0.0.1"), ("localhost", "localhost"), ("127.0.0.1", "127.0.0.1")]
)
def test_the_link_can_be_opened_on_this_machine(host, name):
    listener = bound(host, 0)
    port = listener.getsockname()[1]
    assert link(host, listener, "t") == f"http://{name}:{port}/?token=t"
    assert link(host, listener, "") == f"http://{name}:{port}/"
    listener.close()


def test_an_address_of_the_new_kind_is_written_in_brackets():
    if not socket.has_ipv6 or not os.path.exists("/proc/net/if_inet6"):
        pytest.skip("needs IPv6")
    listener = bound("::1", 0)
    assert link("::1", listener, "").startswith("http://[::1]:")
    listener.close()


def test_a_server_in_a_thread_leaves_signals_alone(serving):
    before = signal.getsignal(signal.SIGTERM)
    with serving():
        assert signal.getsignal(signal.SIGTERM) is before
    assert threading.current_thread() is threading.main_thread()
