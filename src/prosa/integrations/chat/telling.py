"""`Telling`: what an agent says, as events of a run, with a memory of what the CSV is looked for in."""

from __future__ import annotations

import secrets
from typing import Any

from prosa import events as e
from prosa.errors import ModelError
from prosa.integrations.chat import statements
from prosa.integrations.chat.components import Said
from prosa.integrations.chat.rows import preview
from prosa.pipeline.execute import PREVIEW_ROWS
from prosa.pipeline.execute import preview as result_preview
from prosa.question import Emit, Keep
from prosa.sources import showing


class Telling:
    """Hands events on to the run; `emit` takes those of an answerer, `say` the parts of an agent. With `keep`, rows
    become results that can be paged and exported; without, their first ones are shown."""

    def __init__(self, emit: Emit, dialect: str, keep: Keep | None = None) -> None:
        self._emit, self._dialect, self._keep = emit, dialect, keep
        self._block, self._open = -1, False
        self._words: list[str] = []
        self._asides: list[str] = []
        self._statements: list[e.Sql] = []
        self._failed: set[str] = set()
        self._result = ""

    @property
    def words(self) -> str:
        """All that people were told."""
        return "".join(self._words)

    @property
    def all_text(self) -> str:
        """Words and asides, the last said last."""
        return "\n".join([self.words, *self._asides])

    @property
    def sql(self) -> str | None:
        """The last statement that did not fail."""
        return next((s.text for s in reversed(self._statements) if s.query_id not in self._failed), None)

    @property
    def last_sql(self) -> str | None:
        """The last statement, also one that failed."""
        return self._statements[-1].text if self._statements else None

    @property
    def rows_of(self) -> str | None:
        """The statement whose rows are the answer's: the last that did not fail, or one that the engine did not know
        and that is answered in its name."""
        failed_form = self.last_sql if self.last_sql and showing.read(self.last_sql) else None
        return self.sql or failed_form

    def emit(self, event: e.Event) -> None:
        """One event of an answerer."""
        if isinstance(event, e.Text):
            self._words.append(event.delta)
        elif isinstance(event, e.Sql):
            self._statements.append(event)
        elif isinstance(event, e.QueryFailed):
            self._failed.add(event.query_id)
        self._emit(event)

    async def say(self, said: Said) -> None:
        """One part of an agent. ModelError where the agent gave up."""
        if said.broken:
            raise ModelError("agent_failed")
        if said.aside:
            self._asides.append(said.aside)
        if said.sql:
            self.statement(said.sql)
        if said.refused and self._statements:
            self.refuse(said.refused)
        for event in said.events:
            self.emit(event)
        if said.rows is not None:
            await self.show(said.rows)
        if said.figure is not None:
            self.draw(said.figure)
        if said.delta or said.text:
            self._speak(said)

    def statement(self, sql: str) -> str:
        """A statement that is about to run, told once; the id of its query."""
        if sql.strip() != self.last_sql:
            self.emit(e.Sql(f"q{len(self._statements) + 1}", sql.strip(), self._dialect, ""))
        return self._statements[-1].query_id

    def find_statement(self, *, done: bool) -> None:
        """Tells of a statement that stands in the words alone; outside a fence only when they are `done`."""
        if not self._statements:
            found = statements.fenced(self.words) or (statements.bare(self.all_text) if done else None)
            if found:
                self.statement(found)

    def refuse(self, what: str, query: str = "") -> None:
        """A statement, the last one unless another is named, that failed."""
        query = query or self._statements[-1].query_id
        if query not in self._failed:
            self.emit(e.QueryFailed(query, "query_failed", what))

    async def show(self, rows: Any, query: str = "") -> bool:
        """Rows of a statement, the last one unless another is named; whether they were a table. Rows that are tuples
        take their columns' names from the statement."""
        asked = next((one for one in reversed(self._statements) if query in ("", one.query_id)), None)
        query, sql = (asked.query_id, asked.text) if asked is not None else ("", "")
        if isinstance(rows, list) and rows and isinstance(rows[0], tuple):
            names = statements.columns(sql, self._dialect)
            names = names if len(names) == len(rows[0]) else [f"column {place + 1}" for place in range(len(rows[0]))]
            rows = [dict(zip(names, row, strict=False)) for row in rows]
        try:
            table = await self._table(rows, query, sql)
        except TypeError:
            return False
        self._result = table.result_id
        self.emit(table)
        return True

    async def _table(self, rows: Any, query: str, sql: str) -> e.Table:
        if self._keep is not None:
            return result_preview(await self._keep(rows, sql), query)
        columns, first, total = preview(rows, PREVIEW_ROWS)
        return e.Table(secrets.token_hex(16), query, columns, first, total)

    def draw(self, figure: dict[str, Any]) -> None:
        """A chart of the last rows."""
        self.emit(e.Chart(secrets.token_hex(16), self._result, figure))

    def _speak(self, said: Said) -> None:
        """A message of its own begins a block; what goes on with the words before it stays in theirs."""
        if said.text or not self._open:
            self.begin_block()
        self._open = not said.text
        self.add(said.text or said.delta)

    def begin_block(self) -> None:
        """What is said next is a message of its own."""
        self._block += 1
        if self._words:
            self._words.append("\n\n")

    def add(self, delta: str) -> None:
        """Words that go on with those before them."""
        self.emit(e.Text(self._block, delta))
        if "```" in delta:
            self.find_statement(done=False)
