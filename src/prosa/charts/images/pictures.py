"""`Pictures`: one warm picture process, started when the first picture is asked for, and its queue and limits."""

from __future__ import annotations

import asyncio
import atexit
import logging
import math
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, NamedTuple, get_args

import msgspec

from prosa.charts import maps
from prosa.charts.images import browser, protocol, traces
from prosa.charts.images.protocol import Format, Reply, Request
from prosa.charts.links import unlinked
from prosa.charts.reading import Figure, read
from prosa.errors import BusyError, FigureError, MemoryLimit, ProsaError, TimeLimit, UsageError, WorkerDied
from prosa.locales import normalise
from prosa.results import plain

log = logging.getLogger(__name__)

FORMATS: tuple[str, ...] = get_args(Format)
WIDTH, HEIGHT, SCALE = 900.0, 600.0, 2.0
SMALLEST = 10
START_SECONDS = 60.0
IDLE_SECONDS = 120.0
"""After so long without work the process is let go."""
GROWN = 600 << 20
"""Bytes of memory after which the process is replaced by a fresh one."""

# -P: no module is looked for in the working folder, where files of anybody may lie.
COMMAND = (sys.executable, "-P", "-m", "prosa.charts.images.child")
PASSED_ON = (
    "PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR", "TMP", "TEMP", "PYTHONPATH", "PYTHONHOME",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
)  # fmt: skip


class Picture(NamedTuple):
    """A finished file, and the signs in it that no shipped font has."""

    data: bytes
    missing: str = ""


class Pictures:
    """Draws figures one after another. It belongs to no event loop: any may await `draw`.

    `seconds` is the time one picture may take, `waiting` how many may stand in line, `largest` the pixels of a side.
    """

    def __init__(self, *, seconds: float = 20.0, waiting: int = 16, largest: int = 4_000) -> None:
        self._seconds, self._waiting, self._largest = seconds, waiting, largest
        self._thread = ThreadPoolExecutor(1, "prosa-pictures")
        self._asked = 0
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._idle: threading.Timer | None = None
        atexit.register(self.close)

    @property
    def pid(self) -> int | None:
        """The process that lives now."""
        return self._process.pid if self._process is not None else None

    async def draw(
        self,
        figure: Any,
        format: str = "png",
        width: float | None = None,
        height: float | None = None,
        scale: float | None = None,
        *,
        locale: str | None = None,
        title: str = "",
        about: Mapping[str, Any] | None = None,
    ) -> Picture:
        """The figure as PNG, SVG or PDF. `width` and `height` are CSS pixels, else the figure's own, else 900 and 600;
        a PNG has `scale` (2) pixels for each. `title` and `about` are kept in the file's metadata.

        FigureError, UsageError `picture_format`, `picture_size` or `images_missing`, BusyError, TimeLimit, MemoryLimit,
        WorkerDied.
        """
        language = normalise(locale)
        found = read(figure)
        request = self._request(found, format, (width, height, scale), language)
        request = msgspec.structs.replace(request, title=str(plain(title or found.title)), about=_json(about))
        with self._lock:
            if self._asked > self._waiting:
                raise BusyError("picture_queue", retry_after=max(1, round(self._seconds / 4)))
            self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._made, found, request)
        finally:
            with self._lock:
                self._asked -= 1
                self._rest()

    def limit(self, *, seconds: float, waiting: int, largest: int) -> None:
        """Other limits from now on."""
        self._seconds, self._waiting, self._largest = seconds, waiting, largest

    def close(self) -> None:
        """Ends the process; a picture that is being drawn fails."""
        atexit.unregister(self.close)
        if self._idle is not None:
            self._idle.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._stop()

    def _rest(self) -> None:
        """Begins to count the time without work anew."""
        if self._idle is not None:
            self._idle.cancel()
        self._idle = threading.Timer(IDLE_SECONDS, self._let_go)
        self._idle.daemon = True
        self._idle.start()

    def _let_go(self) -> None:
        with self._lock, suppress(RuntimeError):  # closed meanwhile
            if not self._asked:
                self._thread.submit(self._stop)

    def _request(
        self, figure: Figure, format: str, size: tuple[float | None, float | None, float | None], locale: str
    ) -> Request:
        if format not in FORMATS:
            raise UsageError("picture_format", name=format, names=", ".join(FORMATS))
        width = _first(size[0], figure.layout.get("width"), WIDTH)
        height = _first(size[1], figure.layout.get("height"), HEIGHT)
        scale = _first(size[2], SCALE) if format == "png" else 1.0
        sound = all(math.isfinite(side) and side >= SMALLEST for side in (width, height)) and scale > 0
        if not sound or not all(1 <= side * scale <= self._largest for side in (width, height)):
            shown = f"{width * scale:g} × {height * scale:g}"
            raise UsageError("picture_size", size=shown, low=SMALLEST, high=self._largest)
        return Request(_FORMAT[format], width, height, scale, locale, self._seconds)

    def _made(self, figure: Figure, request: Request) -> Picture:
        """In the one thread that all pictures pass through."""
        drawable, marks = traces.prepared(unlinked(figure), request.locale)
        if unable := traces.undrawable(figure):
            svg = browser.svg(drawable, request, unable)
            return self._asked_for(msgspec.structs.replace(request, ready=True), svg)
        payload = msgspec.json.encode({"data": drawable.data, "layout": drawable.layout})
        on_map = not maps.ON_OUTLINES.isdisjoint(drawable.kinds)
        return self._asked_for(msgspec.structs.replace(request, marks=marks, map=on_map), payload)

    def _asked_for(self, request: Request, payload: bytes) -> Picture:
        used = self._process
        try:
            reply, data = self._exchange(self._running(), request, payload)
        except WorkerDied:
            if used is None:
                raise
            # A process that had drawn before ended for a reason of its own; a fresh one deserves a try.
            reply, data = self._exchange(self._running(), request, payload)
        if reply.error in ("time", "memory") or reply.memory > GROWN:
            self._stop()
        if reply.error:
            words = data.decode("utf-8", "replace")[:500]
            log.warning("a picture failed (%s): %s", reply.error, words)
            raise self._error(reply.error, words)
        return Picture(data, reply.missing)

    def _error(self, code: str, words: str = "") -> ProsaError:
        if code == "time":
            return TimeLimit("picture_time", seconds=f"{self._seconds:g}")
        if code == "memory":
            return MemoryLimit("picture_memory")
        if code == "unknown":
            return FigureError("picture_unknown", types=words)
        return FigureError(f"picture_{code}")

    def _exchange(self, process: subprocess.Popen[bytes], request: Request, payload: bytes) -> tuple[Reply, bytes]:
        late = threading.Event()
        # Later than the page's own limit, which leaves the better word: this one also holds where Typst hangs.
        timer = threading.Timer(self._seconds + 1, _kill_late, (process, late))
        timer.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            protocol.write(process.stdin, request, payload)
            answered = protocol.read(process.stdout, Reply)
        except OSError:
            answered = None
        finally:
            timer.cancel()
        if answered is None:
            self._stop()
            raise self._error("time") if late.is_set() else WorkerDied("picture_died")
        return answered

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            self._process = _started()
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _end(process)


_FORMAT: dict[str, Format] = {"png": "png", "svg": "svg", "pdf": "pdf"}


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # what was still to be written has no reader any more
            if pipe is not None:
                pipe.close()


_shared: Pictures | None = None
_shared_lock = threading.Lock()


def shared() -> Pictures:
    """The one `Pictures` of this program: every desk, tool and library call draws in the same process."""
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = Pictures()
        return _shared


def _after_fork() -> None:
    """A forked child has neither the thread nor the pipes to itself."""
    global _shared
    _shared = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def available() -> bool:
    """Whether the extra `images` is installed."""
    return all(find_spec(name) is not None for name in ("py_mini_racer", "typst", "fontTools"))


def _started() -> subprocess.Popen[bytes]:
    """A process that has loaded plotly.js. UsageError `images_missing`, WorkerDied."""
    if not available():
        raise UsageError("images_missing")
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"PYTHONUTF8": "1"}
    process = subprocess.Popen(  # noqa: S603 a fixed command
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a pipe that nobody reads would stop it once it is full
        env=environment,
        start_new_session=True,
    )
    late = threading.Event()
    timer = threading.Timer(START_SECONDS, _kill_late, (process, late))
    timer.start()
    assert process.stdout is not None
    ready = protocol.read(process.stdout, Reply)
    timer.cancel()
    if ready is None:
        _end(process)
        raise WorkerDied("picture_died")
    return process


def _kill_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _first(*values: Any) -> float:
    """The first that is a number; what is none at all is not a size either."""
    for value in values:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        if value is not None:
            return math.nan
    return math.nan


def _json(about: Mapping[str, Any] | None) -> str:
    return msgspec.json.encode(about).decode("utf-8") if about else ""
