"""The picture process, `python -m prosa.charts.images.child`: draws what comes in on standard input, one by one."""

from __future__ import annotations

import os
import signal
import sys
from typing import IO

from prosa.charts.images import protocol
from prosa.charts.images.page import Drawn, Exhausted, Failed, Page, Unknown
from prosa.charts.images.protocol import Reply, Request


def serve(given: IO[bytes], answers: IO[bytes]) -> None:
    """Until the parent closes the pipe, or until the page is of no more use."""
    page = Page()
    protocol.write(answers, Reply(), b"")
    while received := protocol.read(given, Request):
        reply, payload = _answer(page, *received)
        protocol.write(answers, reply, payload)
        if reply.error in ("time", "memory"):
            return
        page.clear()


def _answer(page: Page, request: Request, payload: bytes) -> tuple[Reply, bytes]:
    try:
        text = payload.decode("utf-8", "replace")
        drawn = Drawn(text) if request.ready else _drawn(page, request, text)
        if request.marks and not drawn.marks:
            return Reply("empty"), b""
        from prosa.charts.images.printing import printed

        return Reply(missing=drawn.missing, memory=_memory()), printed(drawn, request)
    except Exhausted as limit:
        return Reply(str(limit)), b""
    except Unknown as types:
        return Reply("unknown", memory=_memory()), str(types).encode("utf-8", "replace")
    except (Failed, RuntimeError) as error:  # plotly.js and Typst say in words what they could not do
        return Reply("failed", memory=_memory()), str(error).encode("utf-8", "replace")


def _drawn(page: Page, request: Request, figure: str) -> Drawn:
    if request.map:
        page.load_outlines()
    return page.draw(figure, request.width, request.height, request.locale, request.seconds)


def _memory() -> int:
    """Bytes in use now; where the system does not say, the most there ever were; 0 where it says nothing."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        pass
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def main() -> None:
    """Takes over the standard pipes. Ctrl-C in a terminal is the parent's alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    given, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        serve(given, answers)
    except OSError:
        pass  # the parent is gone, and with it everybody who waits for a picture
    finally:
        # V8's threads would otherwise be waited for.
        os._exit(0)


if __name__ == "__main__":
    main()
