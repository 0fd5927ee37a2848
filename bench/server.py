"""A warm `prosa demo` from outside: how soon entries come, what a question costs, 200 at once, memory at rest.

    uv run python bench/server.py [--questions 60] [--at-once 200]

Aims on two cores: first entry 5 ms, SQL 60 ms, complete 150 ms, 40 ms CPU beyond the SQL; 200 questions at once without
a failure while /healthz answers within 20 ms; server and prewarmed child 220 MB at rest. Everything comes from one run;
the reply of /healthz and the bare statements in this process are the ceilings to compare with.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb

from prosa import demo

TOKEN = "bench-token-0123456789"
TICK = os.sysconf("SC_CLK_TCK")


class Server(NamedTuple):
    """A running server and where it listens."""

    pid: int
    port: int
    data: Path


class Timing(NamedTuple):
    """When entries of one question came, in milliseconds after it was sent, and the statement that it ran."""

    first: float
    sql: float
    complete: float
    statement: str


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--questions", type=int, default=60)
    words.add_argument("--at-once", type=int, default=200)
    options = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="prosa-bench-") as folder, served(Path(folder)) as server:
        asyncio.run(measured(server, options.questions, options.at_once))


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    demo.make(folder / "data" / "demo")  # here, since who makes it keeps the memory that making takes
    env = {**os.environ, "PROSA_DATA_DIR": str(folder / "data"), "PROSA_CACHE_DIR": str(folder / "cache")}
    command = [sys.executable, "-m", "prosa", "demo", "--port", "0", "--no-browser", "--token", TOKEN]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        link = next(line for line in process.stdout if "http://" in line)
        port = int(link.partition("http://")[2].partition("/")[0].rpartition(":")[2])
        yield Server(process.pid, port, folder / "data" / "demo")
        process.terminate()


async def measured(server: Server, count: int, at_once: int) -> None:
    await asyncio.sleep(3)
    tell(
        "at rest: server and child, PSS",
        f"{memory(server.pid):.0f} MB",
        f"{len(family(server.pid))} processes, aim 220",
    )
    questions = [demo.examples(locale)[number] for number in range(5) for locale in ("en", "pt-BR")]
    await asked(server, questions * 2)
    tell("after its first questions, PSS", f"{memory(server.pid):.0f} MB", "")
    before = cpu(server.pid)
    timings = await asked(server, [questions[number % len(questions)] for number in range(count)])
    spent = (cpu(server.pid) - before) * 1000 / count
    bare = bare_cpu(server.data, [timing.statement for timing in timings])
    idle = [await health(server.port) for _ in range(200)]
    tell("/healthz at rest", f"{statistics.median(idle):.1f} ms", f"p95 {percentile(idle):.1f}")
    for name, aim in (("first", 5), ("sql", 60), ("complete", 150)):
        taken = [getattr(timing, name) for timing in timings]
        tell(f"{name} entry", f"{statistics.median(taken):.1f} ms", f"p95 {percentile(taken):.1f}, aim {aim}")
    tell("CPU a question, all processes", f"{spent:.1f} ms", f"of it the statements alone {bare:.1f}")
    tell("CPU beyond the SQL", f"{spent - bare:.1f} ms", "aim 40")
    await rush(server, [questions[number % len(questions)] for number in range(at_once)])


async def rush(server: Server, questions: list[str]) -> None:
    """All questions at once by one user; who is told to come again does so, as `Retry-After` says."""
    probe = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--probe", str(server.port), stdout=subprocess.PIPE
    )
    begun = time.perf_counter()
    outcomes = await asyncio.gather(*(persistent(server.port, question) for question in questions))
    took = time.perf_counter() - begun
    probe.terminate()
    waits = [float(line) for line in (await probe.communicate())[0].split()]
    failed = sum(timing is None for timing, _ in outcomes)
    again = sum(times for _, times in outcomes)
    done = sorted(timing.complete for timing, _ in outcomes if timing)
    tell(f"{len(questions)} at once: failed", str(failed), f"told to come again {again} times, aim 0 failed")
    tell("… all answered within", f"{took:.1f} s", f"{len(done) / took:.0f} answers a second")
    tell(
        "… /healthz meanwhile",
        f"{statistics.median(waits):.1f} ms",
        f"p95 {percentile(waits):.1f}, max {max(waits):.1f}, aim 20",
    )


async def persistent(port: int, question: str) -> tuple[Timing | None, int]:
    """The question's timing, asked again as often as the server wishes; None where it failed."""
    for times in range(50):
        try:
            return await ask(port, question), times
        except BusyError as busy:
            await asyncio.sleep(busy.seconds)
        except (OSError, EOFError, ValueError) as error:
            print(f"failed: {error!r}", file=sys.stderr)
            break
    return None, times


async def asked(server: Server, questions: list[str]) -> list[Timing]:
    return [await ask(server.port, question) for question in questions]


class BusyError(Exception):
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


async def ask(port: int, question: str) -> Timing:
    """Asks over a fresh connection and notes when entries come. BusyError, ValueError for a run that fails."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    body = json.dumps({"question": question}).encode()
    begun = time.perf_counter()
    writer.write(request("POST", "/api/ask", body))
    seen: dict[str, float] = {}
    statement = ""
    status = await reader.readline()
    try:
        if b"429" in status:
            head = await reader.readuntil(b"\r\n\r\n")
            raise BusyError(float(head.lower().partition(b"retry-after: ")[2].partition(b"\r\n")[0]))
        while "completed" not in seen:
            line = await reader.readline()
            if not line or line.startswith((b"event: failed", b"event: cancelled")):
                raise ValueError(question)
            if line.startswith(b"event: "):
                seen.setdefault(line[7:-1].decode(), (time.perf_counter() - begun) * 1000)
            elif b'"event":"sql"' in line:
                statement = json.loads(line[6:])["text"]
    finally:
        writer.close()
    return Timing(seen["started"], seen.get("sql", 0.0), seen["completed"], statement)


async def health(port: int) -> float:
    """Milliseconds that /healthz takes over a fresh connection."""
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("GET", "/healthz"))
    await reader.readuntil(b"}")
    writer.close()
    return (time.perf_counter() - begun) * 1000


async def probing(port: int) -> None:
    while True:
        print(await health(port), flush=True)
        await asyncio.sleep(0.02)


def request(method: str, path: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {TOKEN}"]
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}", "Accept: text/event-stream", "", ""]
    return "\r\n".join(lines).encode() + body


def bare_cpu(data: Path, statements: list[str]) -> float:
    """CPU milliseconds of one statement in this process, over the same files."""
    with duckdb.connect() as connection:
        for path in data.glob("*.parquet"):
            connection.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM '{path}'")
        for statement in set(statements):
            connection.sql(statement).fetchall()
        begun = time.process_time()
        for statement in statements:
            connection.sql(statement).fetchall()
        return (time.process_time() - begun) * 1000 / len(statements)


def family(pid: int) -> list[int]:
    """The process and its children."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return [pid, *(int(child) for file in children for child in file.read_text().split())]


def memory(pid: int) -> float:
    """Proportional set size of the family, in MB: what it adds to the machine."""
    rollups = (Path(f"/proc/{each}/smaps_rollup").read_text() for each in family(pid))
    return sum(int(text.partition("\nPss:")[2].split()[0]) for text in rollups) / 1024


def cpu(pid: int) -> float:
    """CPU seconds of the family so far."""
    fields = (Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in family(pid))
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICK


def percentile(values: list[float], share: float = 0.95) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def tell(what: str, figure: str, more: str) -> None:
    print(f"{what:<36}{figure:>12}   {more}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--probe"]:
        asyncio.run(probing(int(sys.argv[2])))
    else:
        main()
