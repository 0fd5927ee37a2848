"""`Telling`: what an agent says, as events of a run, with a memory of what the CSV is looked for in."""

from __future__ import annotations

import secrets

from prosa import events as e
from prosa.errors import ModelError
from prosa.integrations.chat import statements
from prosa.integrations.chat.components import Said
from prosa.integrations.chat.rows import preview
from prosa.question import Emit
from prosa.sources import showing

_PREVIEW_ROWS = 50


class Telling:
    """Hands events on to the run; `emit` takes those of an answerer, `say` the parts of an agent."""

    def __init__(self, emit: Emit, dialect: str) -> None:
        self._emit, self._dialect = emit, dialect
        self._block, self._open = -1, False
        self._words: list[str] = []
        self._asides: list[str] = []
        self._statements: list[e.Sql] = []
        self._failed: set[str] = set()

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

    def say(self, said: Said) -> None:
        """One part of an agent. ModelError where the agent gave up."""
        if said.broken:
            raise ModelError("agent_failed")
        if said.aside:
            self._asides.append(said.aside)
        if said.sql:
            self.statement(said.sql)
        if said.refused and self._statements:
            self._refuse(said.refused)
        if said.rows is not None:
            self._show(said.rows)
        if said.delta or said.text:
            self._speak(said)

    def statement(self, sql: str) -> None:
        """A statement that is about to run, told once."""
        if sql.strip() != self.last_sql:
            self.emit(e.Sql(f"q{len(self._statements) + 1}", sql.strip(), self._dialect, ""))

    def find_statement(self, *, done: bool) -> None:
        """Tells of a statement that stands in the words alone; outside a fence only when they are `done`."""
        if not self._statements:
            found = statements.fenced(self.words) or (statements.bare(self.all_text) if done else None)
            if found:
                self.statement(found)

    def _refuse(self, what: str) -> None:
        query = self._statements[-1].query_id
        if query not in self._failed:
            self.emit(e.QueryFailed(query, "query_failed", what))

    def _show(self, rows: object) -> None:
        try:
            columns, first, total = preview(rows, _PREVIEW_ROWS)
        except TypeError:
            return
        query = self._statements[-1].query_id if self._statements else ""
        self.emit(e.Table(secrets.token_hex(16), query, columns, first, total))

    def _speak(self, said: Said) -> None:
        """A message of its own begins a block; what goes on with the words before it stays in theirs."""
        if said.text or not self._open:
            self._block += 1
            if self._words:
                self._words.append("\n\n")
        self._open = not said.text
        self.emit(e.Text(self._block, said.text or said.delta))
        if "```" in (said.text or said.delta):
            self.find_statement(done=False)
