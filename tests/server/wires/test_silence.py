"""Signs of life in a long silence harm no client."""

import threading

import pytest

from prosa.identity import Principal

ANA = "ana-token-0123456789"


@pytest.fixture(scope="module")
def impatient(serving, player):
    """A server that says after 50 ms of silence that it is alive."""
    with serving(player, heartbeat=0.05) as server:
        yield server


@pytest.mark.parametrize(
    ("client", "given", "last"),
    [
        ("openai", {"model": "prosa", "messages": [{"role": "user", "content": "cancelled"}], "stream": True}, "stop"),
        ("ai", {"chat": "c", "words": "cancelled"}, "abort"),
        ("ag_ui", {"thread": "t", "words": "cancelled"}, "RUN_FINISHED"),
    ],
)
def test_real_clients_pass_over_pings(impatient, script, player, client, given, last):
    player.hangs.clear()
    lines = []
    asking = threading.Thread(
        target=lambda: lines.extend(script(client, url=impatient.url, token=ANA, **given)),
    )
    asking.start()
    assert player.hangs.wait(60)
    (run,) = impatient.desk.runs.live(Principal("ana"))
    with impatient.client("ana") as ana:
        with ana.stream("GET", f"/api/runs/{run.id}/events") as reply:
            pings = 0
            for line in reply.iter_lines():
                pings += line == ": ping"
                if pings == 3:
                    break
        ana.post(f"/api/runs/{run.id}/cancel")
    asking.join()
    assert not any("thrown" in line or "error" in line for line in lines), lines
    assert last in str(lines)
