"""What a stream costs: CPU an entry from pipeline to socket, memory at rest and of late readers, many questions at
once, a slow query.

    uv run --group bench python bench/streams.py [--streams 1000] [--entries 50] [--at-once 200]

Every figure stands beside a peer of the same run, on the same uvicorn: an ASGI application that sends bytes that are
ready (1.0), sse-starlette, FastAPI's own events, stock Vanna 2. The load client is a process of its own that counts
bytes alone; what it takes of a core is printed, so that it is seen not to be what is measured. Linux only.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from server import served

HERE = Path(__file__).resolve().parent
TOKEN = "bench-token-0123456789"
TICK = os.sysconf("SC_CLK_TCK")
WARM = 100
TOGETHER = 10
CHAT = "/api/vanna/v2/chat_sse"


class Server(NamedTuple):
    """A server of `stream_servers.py`."""

    pid: int
    port: int

    @property
    def cpu(self) -> float:
        """Seconds of CPU so far, of the process alone."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    @property
    def memory(self) -> float:
        """Resident bytes that are its own."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        kinds = ("Private_Dirty", "Private_Clean")
        return sum(int(rollup.partition(f"\n{kind}:")[2].split()[0]) for kind in kinds) * 1024

    def go(self) -> None:
        """Lets the entries come."""
        os.kill(self.pid, signal.SIGUSR1)

    def settle(self) -> None:
        """What was begun by opening streams comes to its end: notes in the store, collections of garbage."""
        os.kill(self.pid, signal.SIGUSR2)
        time.sleep(2)


class Cost(NamedTuple):
    """CPU an entry in microseconds, and the shares of a core that server and load client took meanwhile."""

    entry: float
    server: float
    load: float


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--streams", type=int, default=1000)
    words.add_argument("--entries", type=int, default=50)
    words.add_argument("--at-once", type=int, default=200)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--only", choices=("cost", "memory", "late", "rush", "slow"))
    options = words.parse_args()
    parts = {
        "cost": lambda: costs(options.streams, options.entries, options.rounds),
        "memory": lambda: memories(options.streams),
        "late": lambda: lates(options.at_once),
        "rush": lambda: rushes(options.at_once, options.rounds),
        "slow": slow_query,
    }
    for part in [options.only] if options.only else parts:
        parts[part]()


# --- CPU an entry -----------------------------------------------------------------------------------------------------


def costs(streams: int, entries: int, rounds: int) -> None:
    """Rounds in turn, so that what else the machine does falls on everybody; the median of each."""
    cases = {
        "raw ASGI, ready bytes": ("raw", 1, False),
        "Prosa, a run a stream": ("prosa", 1, False),
        "Prosa, one run": ("prosa", 1, True),
        "sse-starlette": ("sse-starlette", 1, False),
        "FastAPI's events": ("fastapi", 1, False),
        f"Prosa, a run a stream, {TOGETHER} together": ("prosa", TOGETHER, False),
        f"Prosa, one run, {TOGETHER} together": ("prosa", TOGETHER, True),
        f"raw ASGI, {TOGETHER} sends in a row": ("raw", TOGETHER, False),
    }
    taken: dict[str, list[Cost]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, (kind, burst, shared) in cases.items():
            taken[name].append(cost(kind, streams, entries, burst, shared))
    raw = statistics.median(each.entry for each in taken["raw ASGI, ready bytes"])
    table(f"CPU an entry, {streams:,} streams", "µs", "raw = 1", "server, cores", "load client, cores")
    for name, costs in taken.items():
        entry, server, load = (statistics.median(values) for values in zip(*costs, strict=True))
        row(name, f"{entry:.1f}", f"{entry / raw:.2f}", f"{server:.2f}", f"{load:.2f}")


def cost(kind: str, streams: int, entries: int, burst: int, shared: bool) -> Cost:
    total = entries * (burst if burst == 1 else 4)  # many ticks also where ten come together
    with serving(kind, "--entries", total, "--burst", burst) as server, load() as order:
        request = events_of(server) if shared else asking()
        order("open", port=server.port, request=request, count=streams, frames=1)
        server.settle()
        before, begun, by_load = server.cpu, time.perf_counter(), order("read", frames=1)["cpu"]
        server.go()
        by_load = order("read", frames=1 + total)["cpu"] - by_load
        spent, seconds = server.cpu - before, time.perf_counter() - begun
    return Cost(spent * 1e6 / (streams * total), spent / seconds, by_load / seconds)


def asking(path: str = "/api/ask", field: str = "question") -> str:
    body = json.dumps({field: "how many pieces?"})
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {TOKEN}", "Accept: text/event-stream"]
    return "\r\n".join([*lines, "Content-Type: application/json", f"Content-Length: {len(body)}", "", body])


def events_of(server: Server) -> str:
    """Reads a new run of which many will be readers."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", "Accept": "text/event-stream"}
    connection.request("POST", "/api/ask", json.dumps({"question": "how many pieces?"}), headers)
    run = connection.getresponse().headers["prosa-run"]
    connection.close()
    lines = [f"GET /api/runs/{run}/events HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {TOKEN}"]
    return "\r\n".join([*lines, "", ""])


# --- memory -----------------------------------------------------------------------------------------------------------


def memories(streams: int) -> None:
    table(f"memory a stream, {streams:,} at rest", "KB")
    for name, kind, shared in (
        ("raw ASGI", "raw", False), ("Prosa, one run", "prosa", True), ("Prosa, a run a stream", "prosa", False),
        ("sse-starlette", "sse-starlette", False), ("FastAPI's events", "fastapi", False),
    ):  # fmt: skip
        row(name, f"{memory(kind, streams, shared) / 1024:.1f}")


def memory(kind: str, streams: int, shared: bool) -> float:
    """By growth, after the first streams have brought everything into memory that all share."""
    with serving(kind) as server, load() as order, load() as many:
        request = events_of(server) if shared else asking()
        order("open", port=server.port, request=request, count=WARM, frames=1)
        server.settle()
        before = server.memory
        many("open", port=server.port, request=request, count=streams, frames=1)
        server.settle()
        return (server.memory - before) / streams


def lates(count: int) -> None:
    """What each reader who comes when a run has said some megabytes, and takes none of it, makes the server hold."""
    table(f"memory a late reader who takes nothing, {count:,} of them", "KB")
    for name, kind in (("raw ASGI, all in one send", "long-raw"), ("Prosa", "long")):
        with serving(kind) as server, load() as order:
            request = events_of(server) if kind == "long" else asking()
            order("open", port=server.port, request=request, count=5, frames=1, asleep=True)
            server.settle()
            before = server.memory
            order("open", port=server.port, request=request, count=count, frames=1, asleep=True)
            server.settle()
            row(name, f"{(server.memory - before) / count / 1024:.1f}")


# --- many at once -----------------------------------------------------------------------------------------------------


def rushes(count: int, rounds: int) -> None:
    """Whole answers in words, from a scripted answerer there, from a scripted model here; each after a warm-up."""
    table(
        f"{count} questions at once",
        "first frame p50, ms",
        "p95, ms",
        "answers a second",
        "CPU an answer, ms",
        "load, cores",
    )
    for name, kind, request in (
        ("Prosa, native", "talk", asking()),
        ("Prosa, chat", "talk", asking(CHAT, "message")),
        ("stock Vanna 2", "vanna", asking(CHAT, "message")),
    ):
        request = request.replace("Host:", "Connection: close\r\nHost:")
        told = []
        with serving(kind) as server:
            for number in range(1 + rounds):
                before = server.cpu
                with load() as order:
                    found = order("rush", port=server.port, request=request, count=count)
                assert not found["failed"], f"{name}: {found['failed']} failed"
                found["spent"] = (server.cpu - before) * 1000 / count
                told += [found] if number else []
        firsts = [statistics.median(percentile(each["firsts"], share) for each in told) * 1000 for share in (0.5, 0.95)]
        rate = statistics.median(count / each["seconds"] for each in told)
        spent = statistics.median(each["spent"] for each in told)
        share = statistics.median(each["cpu"] / each["seconds"] for each in told)
        row(name, *(f"{first:.0f}" for first in firsts), f"{rate:.0f}", f"{spent:.2f}", f"{share:.2f}")


# --- a slow query beside ----------------------------------------------------------------------------------------------


def slow_query() -> None:
    """/healthz of a `prosa demo` while a statement of about 0.8 seconds runs in a worker, again and again."""
    with tempfile.TemporaryDirectory(prefix="prosa-bench-") as folder, served(Path(folder)) as server:
        time.sleep(2)
        idle = probed(server.port, 200)
        times = 100
        while (seconds := queried(server.port, times)) < 0.8:
            times = int(times * min(4.0, max(1.1, 0.85 / seconds)))
        stop, taken = threading.Event(), [seconds]
        again = threading.Thread(target=lambda: asked_again(server.port, times, stop, taken))
        again.start()
        beside = probed(server.port, 200)
        stop.set()
        again.join()
    table("/healthz", "p50, ms", "p95, ms", "max, ms")
    for name, found in (("at rest", idle), (f"beside a statement of {statistics.median(taken):.1f} s", beside)):
        row(name, *(f"{value:.1f}" for value in (statistics.median(found), percentile(found), max(found))))


def asked_again(port: int, times: int, stop: threading.Event, taken: list[float]) -> None:
    while not stop.is_set():
        taken.append(queried(port, times))


def queried(port: int, times: int) -> float:
    """Seconds that a statement takes which looks so many times at every line of every order."""
    sql = f"SELECT sum(sqrt(a.amount + b.amount)) FROM order_items a, order_items b WHERE b.order_item_id <= {times}"
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", "Accept": "text/event-stream"}
    begun = time.perf_counter()
    connection.request("POST", "/api/query", json.dumps({"sql": sql}), headers)
    body = connection.getresponse().read()
    assert b"event: completed" in body, body
    connection.close()
    return time.perf_counter() - begun


def probed(port: int, count: int) -> list[float]:
    """Milliseconds of each of `count` looks at /healthz, 20 ms apart, over a fresh connection."""
    taken = []
    for _ in range(count):
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        connection.close()
        taken.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.02)
    return taken


# --- processes and figures --------------------------------------------------------------------------------------------


@contextmanager
def serving(kind: str, *options: object) -> Iterator[Server]:
    command = [sys.executable, HERE / "stream_servers.py", kind, *options]
    with subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Server(process.pid, int(process.stdout.readline()))
        finally:
            process.kill()


@contextmanager
def load() -> Iterator[Any]:
    """A load client; what is yielded gives it an order and returns what it told."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, HERE / "stream_load.py"], text=True, **pipes) as process:

        def order(do: str, **values: object) -> dict[str, Any]:
            process.stdin.write(json.dumps({"do": do, **values}) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        try:
            yield order
        finally:
            process.kill()


def percentile(values: list[float], share: float = 0.95) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def table(*heads: str) -> None:
    print(f"\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}", flush=True)


def row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
