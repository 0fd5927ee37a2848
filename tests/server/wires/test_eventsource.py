"""The native wire with the client that browsers have built in: cut again and again, it loses and doubles nothing."""

import pytest

from prosa import events as e

NAMES = [kind.__struct_config__.tag for kind in e.Event.__args__]
LONGEST = 4096


@pytest.mark.parametrize("cut", [10**9, LONGEST, LONGEST + 700])
def test_a_run_comes_whole_whatever_is_cut(playing, script, runs, cut):
    with playing.client("ana") as client:
        reply = client.post("/api/ask", json={"question": "with_file"})
    run_id = reply.headers["prosa-run"]
    assert max(map(len, reply.text.split("\n\n"))) < LONGEST, "each connection must bring one event at least"
    url = f"{playing.url}/api/runs/{run_id}/events"
    *events, end = script("eventsource", url=url, token="ana-token-0123456789", names=NAMES, cut=cut)
    assert [event["id"] for event in events] == [f"{run_id}-{seq}" for seq in range(1, len(runs["with_file"]()) + 1)]
    assert [event["name"] for event in events] == [entry.flat()["event"] for entry in runs["with_file"]()]
    assert (end["connections"] == 1) is (cut == 10**9)
