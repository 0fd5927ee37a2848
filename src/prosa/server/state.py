"""What all routes share: the desk, the settings, who is asking, the pulse of the streams, the counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

from prosa.app import Desk
from prosa.app.uploads import Uploads
from prosa.config import Settings
from prosa.server.auth import Identity
from prosa.server.mcp.endpoint import McpEndpoint
from prosa.server.metrics import Metrics
from prosa.server.scripts import Scripts
from prosa.server.sse import Pulse
from prosa.server.stream_check import StreamChecks
from prosa.server.tempo import Tempo
from prosa.server.threads import Threads


class ServerState:
    """`desk` is there once the server has started; no route is reached before."""

    def __init__(self, settings: Settings, identity: Identity, examples: Mapping[str, tuple[str, ...]]) -> None:
        self.settings = settings
        self.identity = identity
        self.examples = dict(examples)
        self.pulse = Pulse(settings.heartbeat, settings.send_timeout)
        self.metrics = Metrics()
        self.tempo = Tempo()
        self.threads = Threads()
        self.stream_checks = StreamChecks()
        self.mcp = McpEndpoint(self)
        self.uploads = Uploads(settings.data_dir / "uploads")
        self.scripts = Scripts()
        self.desk: Desk | None = None
        self._gauges()

    def opened(self, desk: Desk) -> None:
        """The desk is open from now on, in this event loop; its runs are counted."""
        self.desk = desk
        self.scripts.make_ready()
        self.pulse = Pulse(self.settings.heartbeat, self.settings.send_timeout)
        desk.runs.watch(lambda run: self.metrics.count(run.answer))
        desk.runs.watch(lambda run: self.tempo.add(run.answer))

    @property
    def open_desk(self) -> Desk:
        assert self.desk is not None, "the application starts the desk before any route"
        return self.desk

    def _gauges(self) -> None:
        gauge = self.metrics.gauge
        gauge("prosa_runs_working", "Runs at work.", lambda: self.desk.runs.working if self.desk else 0)
        gauge("prosa_runs_waiting", "Runs in line.", lambda: self.desk.runs.waiting if self.desk else 0)
        gauge("prosa_streams", "Event streams that are open.", lambda: len(self.pulse))
        gauge("prosa_store_bytes", "Results and files held.", lambda: self.desk.results.size if self.desk else 0)


async def _state(request: Request) -> ServerState:
    state: ServerState = request.app.state.prosa
    return state


async def _desk(request: Request) -> Desk:
    state: ServerState = request.app.state.prosa
    return state.open_desk


State = Annotated[ServerState, Depends(_state)]
OpenDesk = Annotated[Desk, Depends(_desk)]
