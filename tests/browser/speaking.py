"""A server whose answerer does as the question says, for what a real analyst can't be brought to say.

    python tests/browser/speaking.py FOLDER [ALLOWED_ORIGIN]

It prints its address. Questions: `say TEXT` (`\\n` breaks lines) · `doubt TEXT` (the first number of the text is
unconfirmed) · `cite` · `bind SQL` (its first rows as a `csv` block) · `cut` (a table that a limit has cut) ·
`call` (tools) · `burst N` (N deltas of one answer) · `slowly N` (the same, a thousand a second) · `step N` (counted
work, which goes on for ever) · `grow` (every part, one after the other).
"""

import asyncio
import re
import secrets
import socket
import sys
from pathlib import Path

import uvicorn

import prosa
from prosa import events as e
from prosa.config import Settings
from prosa.identity import LOCAL
from prosa.results import Column, Provenance
from prosa.sources.base import Grant
from prosa.sources.guard import check

TOKEN = "token-of-the-browser-tests"
SENTENCE = "Word {} of a long answer, with the number {}. "
COLUMNS = (Column("store", "text"), Column("sales", "integer"))


class Speaking:
    async def answer(self, question, context, emit):
        order, _, rest = question.text.partition(" ")
        emit(e.StageStarted("respond"))
        await getattr(self, f"_{order}")(rest.replace("\\n", "\n"), emit)
        emit(e.StageCompleted("respond", 1.5, "done"))

    async def _say(self, text, emit):
        emit(e.Text(0, text))

    async def _doubt(self, text, emit):
        number = re.search(r"\d+", text)
        emit(e.Text(0, text))
        emit(e.Checked(0, (e.Span(number.start(), number.end(), False),)))

    async def _cite(self, text, emit):
        emit(e.Text(0, "So says the contract."))
        emit(e.Sources((e.Passage("contract.pdf", "Payment is due within <b>30</b> days.", 4, 0.9),)))

    async def _bind(self, sql, emit):
        desk = self.app._state.desk
        database = await desk.databases.open(LOCAL)
        query = check(sql, Grant.everything(database.catalog))
        result = await desk.workers.query(query, database, result_id=secrets.token_hex(16), time_limit=60)
        desk.results.put(LOCAL, result, database, Provenance("bound", sql, "sales", "r", "2026-01-01T00:00:00Z", 1))
        emit(e.Table(result.id, "q", result.columns, result.head[:20], result.total))
        head = ",".join(column.name for column in result.columns)
        rows = "\n".join(",".join(map(str, row)) for row in result.head[:12])
        emit(e.Text(0, f"```csv\n{head}\n{rows}\n```"))

    async def _cut(self, text, emit):
        emit(e.Table("cut", "q", COLUMNS, tuple((f"store {n}", n) for n in range(12)), 12, truncated=True))

    async def _call(self, text, emit):
        emit(e.ToolCalled("c1", "look_up", {"words": "<b>store</b>", "most": 3}))
        emit(e.ToolReturned("c1", "look_up", {"found": ["<img src=x onerror=window.hacked=1>"]}))
        emit(e.ToolCalled("c2", "weigh", {}))
        emit(e.ToolReturned("c2", "weigh", "no scales", failed=True))
        emit(e.Text(0, "So it is."))

    async def _burst(self, count, emit):
        for number in range(int(count)):
            emit(e.Text(0, SENTENCE.format(number, number)))

    async def _slowly(self, count, emit):
        for number in range(int(count)):
            emit(e.Text(0, SENTENCE.format(number, number) + ("\n\n" if number % 40 == 39 else "")))
            await asyncio.sleep(0.001)

    async def _step(self, share, emit):
        emit(e.StageProgress("respond", float(share), eta_ms=60_000, message="Reading"))
        await asyncio.Event().wait()

    async def _grow(self, text, emit):
        emit(e.Interpreted("Sales for each store."))
        for part in (
            e.Sql("q", "SELECT store, sales FROM s", "duckdb", "s"),
            e.Table("t", "q", COLUMNS, tuple((f"store {n}", n) for n in range(12)), 12),
            e.Chart("c", "t", {"data": [{"type": "bar", "x": ["a", "b"], "y": [1, 2]}], "layout": {}}),
            *(e.Text(0, SENTENCE.format(number, number)) for number in range(60)),
        ):
            emit(part)
            await asyncio.sleep(0.02)


def main(folder, *origins):
    (folder / "sales.csv").write_text("store,amount\nA,1.5\nB,2.5\n")
    home = {"data_dir": folder / "data", "cache_dir": folder / "cache"}
    settings = Settings(token=TOKEN, allowed_origins=tuple(origins), **home)
    speaking = Speaking()
    app = speaking.app = prosa.asgi(str(folder / "sales.csv"), settings=settings, answerer=speaking)
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
