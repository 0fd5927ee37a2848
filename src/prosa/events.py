"""The vocabulary of a run, and `Entry`, one line of its log.

Every face (page, Streamlit, terminal, HTTP wires, MCP, library) is a view of a list of entries. Events carry ids and
previews, never a whole result. A log has exactly one terminal event (`Completed`, `Failed` or `Cancelled`), always
last; only `Snapshot` is made for one reader and stands in no log.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from prosa import locales
from prosa.results import Cell, Column

Stage = Literal["classify", "select", "plan", "execute", "respond"]
STAGES: tuple[Stage, ...] = ("classify", "select", "plan", "execute", "respond")

Outcome = Literal["answered", "clarify", "refused"]


class Word(msgspec.Struct, frozen=True):
    """A word of the question with its place, in characters: `question[start:end]`."""

    text: str
    start: int
    end: int


class Option(msgspec.Struct, frozen=True, omit_defaults=True):
    """One way out of a clarification: `question` is the whole question to run when it is chosen."""

    label: str
    question: str
    sql: str = ""


class Passage(msgspec.Struct, frozen=True, omit_defaults=True):
    """A cited place of a document, by the document's name; `page` counts from 1, `score` from 0 to 1. The sentence that
    answers is `passage[start:end]`, in characters; nothing is marked where both are 0. `document_id` and `place` find
    the passage again."""

    document: str
    passage: str
    page: int | None = None
    score: float | None = None
    heading: str = ""
    start: int = 0
    end: int = 0
    document_id: str = ""
    place: int = 0

    def where(self, locale: str = "en") -> str:
        """Where it stands, in words: document, page, headings."""
        words = self.document
        if self.page is not None:
            words = locales.text("documents.citation_page", locale, document=self.document, page=self.page)
        return f"{words} · {self.heading}" if self.heading else words


class Span(msgspec.Struct, frozen=True):
    """A number in a text block and whether the results confirm it; places in characters of the block's whole text."""

    start: int
    end: int
    confirmed: bool


class _Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="event", gc=False):
    """Base of all events; the tag is the event's name on the native wire."""

    # Plain values hold no cycles; a log full of them would be most of what the garbage collector walks through.


class Started(_Event, frozen=True, tag="started"):
    question: str
    conversation: str | None = None
    analyst: str = "auto"
    locale: str = "en"
    replies_to: str | None = None


class StageStarted(_Event, frozen=True, tag="stage_started"):
    stage: Stage


class StageProgress(_Event, frozen=True, tag="stage_progress"):
    """`fraction` (0 to 1) only where work is truly counted, with `done` of `total`; `eta_ms` from running medians."""

    stage: Stage
    fraction: float | None = None
    done: int | None = None
    total: int | None = None
    eta_ms: int | None = None
    message: str = ""


class StageCompleted(_Event, frozen=True, tag="stage_completed"):
    stage: Stage
    duration_ms: float
    summary: str = ""


class Interpreted(_Event, frozen=True, tag="interpreted"):
    """How the question was read, in one sentence, and the words that were not understood."""

    reading: str
    unknown: tuple[Word, ...] = ()
    confidence: float | None = None


class Sql(_Event, frozen=True, tag="sql"):
    query_id: str
    text: str
    dialect: str
    source: str


class QueryFailed(_Event, frozen=True, tag="query_failed"):
    query_id: str
    code: str
    message: str


class Table(_Event, frozen=True, tag="table"):
    """A result's columns and first rows. `total` counts the whole query; `truncated` says that a limit cut it."""

    result_id: str
    query_id: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    truncated: bool = False


class Chart(_Event, frozen=True, tag="chart"):
    """A Plotly figure (`{"data": […], "layout": {…}}`) drawn from a result."""

    chart_id: str
    result_id: str
    figure: dict[str, Any]


class FileReady(_Event, frozen=True, tag="file_ready"):
    file_id: str
    name: str
    mime: str
    url: str
    size: int | None = None
    rows: int | None = None
    complete: bool = True


class ToolCalled(_Event, frozen=True, tag="tool_called"):
    call_id: str
    tool: str
    arguments: dict[str, Any] = {}


class ToolReturned(_Event, frozen=True, tag="tool_returned"):
    call_id: str
    tool: str
    result: Any = None
    failed: bool = False


class Sources(_Event, frozen=True, tag="sources"):
    passages: tuple[Passage, ...]


class Text(_Event, frozen=True, tag="text"):
    """Words to append to a block; blocks are numbered from 0 in the order they open."""

    block: int
    delta: str


class Checked(_Event, frozen=True, tag="checked"):
    block: int
    spans: tuple[Span, ...]


class Notice(_Event, frozen=True, tag="notice"):
    """Something to know about the answer that is not an error: a code for programs, words for people."""

    code: str
    words: str


class Clarification(_Event, frozen=True, tag="clarification"):
    question: str
    options: tuple[Option, ...]

    @property
    def words(self) -> str:
        """The question as Markdown, with its options under numbers that a reply may name."""
        options = [f"{number}. {option.label}" for number, option in enumerate(self.options, 1)]
        return "\n".join([self.question, *([""] if options else []), *options])


class Completed(_Event, frozen=True, tag="completed"):
    outcome: Outcome
    duration_ms: float
    stages: dict[str, float] = {}
    tokens: int | None = None
    cost: float | None = None


class Failed(_Event, frozen=True, tag="failed"):
    code: str
    message: str
    hint: str = ""
    stage: Stage | None = None


class Cancelled(_Event, frozen=True, tag="cancelled"):
    """`stopped` names what was running (a stage, a statement); `after_ms` counts from the wish to the stop."""

    stopped: str
    after_ms: float


class Snapshot(_Event, frozen=True, tag="snapshot"):
    """To one late reader: the folded `Answer` up to and with entry `upto`, as plain JSON values."""

    upto: int
    answer: dict[str, Any]


Event = (
    Started | StageStarted | StageProgress | StageCompleted | Interpreted | Sql | QueryFailed | Table | Chart
    | FileReady | ToolCalled | ToolReturned | Sources | Text | Checked | Notice | Clarification | Completed | Failed
    | Cancelled | Snapshot
)  # fmt: skip

TERMINAL = (Completed, Failed, Cancelled)


class Entry(msgspec.Struct, frozen=True, eq=False, gc=False):
    """One line of a run's log. `seq` counts from 1 without gaps; `at` is Unix time in seconds."""

    run_id: str
    seq: int
    at: float
    event: Event
    _frame: bytes = b""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Entry):
            return NotImplemented
        return (self.run_id, self.seq, self.at, self.event) == (other.run_id, other.seq, other.at, other.event)

    def __hash__(self) -> int:
        return hash((self.run_id, self.seq))

    @property
    def id(self) -> str:
        """The entry's id on wires that resume."""
        return f"{self.run_id}-{self.seq}"

    @property
    def terminal(self) -> bool:
        return isinstance(self.event, TERMINAL)

    @property
    def frame(self) -> bytes:
        """The entry as one server-sent event: its name, its id, and `line`. Made once and shared by everybody who reads
        it; this is what a log holds of it."""
        if not self._frame:
            msgspec.structs.force_setattr(self, "_frame", _framed(self))
        return self._frame

    @property
    def line(self) -> bytes:
        """`flat` as one line of JSON."""
        frame = self.frame
        return frame[frame.index(_DATA) + len(_DATA) : -len(_END)]

    def flat(self) -> dict[str, Any]:
        """The entry as wires write it: the event's own fields beside `run_id`, `seq` and `at`."""
        fields: dict[str, Any] = msgspec.to_builtins(self.event)
        return {"run_id": self.run_id, "seq": self.seq, "at": self.at, **fields}


_encoder = msgspec.json.Encoder()
_DATA, _END = b"data: ", b"\n\n"
_BREAKS = (("\x85", b"\\u0085"), ("\u2028", b"\\u2028"), ("\u2029", b"\\u2029"))
_ESCAPES = tuple((character.encode(), escape) for character, escape in _BREAKS)


def json_line(value: Any) -> bytes:
    """A value as JSON in one line, whoever splits it: `str.splitlines`, by which many clients read a stream, breaks
    also at three characters that JSON lets stand. NaN and Infinity are null, since msgspec writes them so."""
    line = _encoder.encode(value)
    if line.isascii():
        return line
    for character, escape in _ESCAPES:
        if character in line:
            line = line.replace(character, escape)
    return line


def _framed(entry: Entry) -> bytes:
    run_id, seq, event = entry.run_id, entry.seq, entry.event
    # By hand, since every entry of every run comes through here; a finite float is the same to `repr` and to msgspec.
    head = (
        f"event: {event.__struct_config__.tag}\nid: {run_id}-{seq}\ndata: "
        f'{{"run_id":{_encoder.encode(run_id).decode()},"seq":{seq},"at":{entry.at!r},'
    )
    return b"".join((head.encode(), json_line(event)[1:], _END))


def decode(line: bytes | str) -> Entry:
    """The entry of a `line`. msgspec.DecodeError or ValidationError where the line is not one."""
    raw = msgspec.json.decode(line, type=dict[str, Any])
    event = msgspec.convert(raw, Event)
    return Entry(str(raw["run_id"]), int(raw["seq"]), float(raw["at"]), event)
