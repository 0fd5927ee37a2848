"""The pipeline wire: lettered stages with words for people, the answer's words, and one last frame with everything.

Frames are `data: {json}` without an event name; docs/wires/pipeline.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from prosa import events as e
from prosa.answer import Answer
from prosa.app import staged
from prosa.events import Entry, Event
from prosa.locales import text
from prosa.server.wires import EventWire, data
from prosa.server.wires.words import source


class PipelineWire(EventWire):
    """`base` is the prefix that the server is mounted under, for the addresses of files."""

    def __init__(self, base: str = "") -> None:
        super().__init__()
        self._base = base

    def frames(self, entry: Entry) -> Iterable[bytes]:
        frame = self._frame(entry.event, entry.run_id)
        return () if frame is None else (data(frame),)

    def _frame(self, event: Event, run_id: str) -> dict[str, Any] | None:
        locale = self.answer.locale
        match event:
            case e.Text():
                return {"type": "token", "text": event.delta}
            case e.Started():
                return {"type": "start", "message": text("pipeline.start", locale), "request_id": run_id}
            case e.StageStarted():
                return {"type": "stage_start", **staged.started(event.stage, locale)}
            case e.StageProgress():
                return _progress(event)
            case e.StageCompleted():
                return {"type": "stage_complete", **staged.completed(event.stage, event.duration_ms, locale)}
            case e.Completed() | e.Failed() | e.Cancelled():
                return last_frame(self.answer, self._base)
        return None


def _progress(event: e.StageProgress) -> dict[str, Any]:
    """Only what is known: a fraction where work was counted, a time where the stage's median is."""
    told = {"fraction": event.fraction, "eta_ms": event.eta_ms, "message": event.message or None}
    known = {name: value for name, value in told.items() if value is not None}
    return {"type": "stage_progress", "stage": staged.LETTERS[event.stage], **known}


def last_frame(answer: Answer, base: str) -> dict[str, Any]:
    """The frame that ends every stream, also what the address without a stream answers."""
    result = staged.result(answer, answer.run_id, base)
    if not result.success:
        frame = {"stage": result.stage, "message": result.message, "code": result.code}
        return {"type": "error", "success": False, **frame}
    outcome = {} if result.outcome == "answered" else {"outcome": result.outcome}
    cited = {"sources": [source(passage) for passage in answer.passages]} if answer.passages else {}
    return {
        "type": "complete",
        "success": True,
        **outcome,
        "total_duration_ms": result.total_duration_ms,
        "message": result.message,
        "stage_durations": result.stage_durations,
        "sql": result.sql,
        "files": msgspec.to_builtins(result.files),
        **cited,
    }
