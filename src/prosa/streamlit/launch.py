"""What `prosa streamlit` hands to the script that Streamlit runs in the same process, and starting that."""

from __future__ import annotations

import socket
import threading
import time
import urllib.request
from collections.abc import Callable
from importlib import resources
from typing import NamedTuple

from prosa.app.locations import Pairs
from prosa.config import Settings
from prosa.errors import UsageError
from prosa.streamlit.local import Examples

PORT = 8501
"""Streamlit's own; the settings' default is that of `prosa serve`."""

_HEALTH = "_stcore/health"


class Launch(NamedTuple):
    """`token` is in the link that is printed at the start: who comes by it is the person of this machine."""

    settings: Settings
    sources: Pairs
    examples: Examples
    token: str


_launched: Launch | None = None


def launched() -> Launch:
    """What this process was started with. UsageError `streamlit_not_launched`."""
    if _launched is None:
        raise UsageError("streamlit_not_launched")
    return _launched


def run(launch: Launch, on_ready: Callable[[str], None]) -> None:
    """Serves the pages until Ctrl-C. `on_ready` gets the link once they answer. UsageError `port_taken`."""
    global _launched
    _launched = launch
    host, port = launch.settings.host, _free_port(launch.settings)
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}/"  # noqa: S104 compared, not bound
    link = f"{address}?token={launch.token}" if launch.token else address
    threading.Thread(target=_when_ready, args=(address, link, on_ready), daemon=True).start()
    _serve(host, port, launch.settings)


def _serve(host: str, port: int, settings: Settings) -> None:
    from streamlit.web.cli import main

    flags = {
        "server.address": host,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.runOnSave": "false",
        "server.maxUploadSize": str(max(1, settings.max_upload >> 20)),
        "browser.gatherUsageStats": "false",
        "logger.hideWelcomeMessage": "true",
        "logger.level": "warning",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
    }
    options = [word for name, value in flags.items() for word in (f"--{name}", value)]
    script = resources.files("prosa.streamlit").joinpath("script", "start.py")
    main(["run", str(script), *options], standalone_mode=False)


def _free_port(settings: Settings) -> int:
    """The port to listen on, known to be free a moment ago. UsageError."""
    port = PORT if settings.port == Settings().port else settings.port
    try:
        with socket.create_server((settings.host, port)) as listener:
            found: int = listener.getsockname()[1]
            return found
    except socket.gaierror:
        raise UsageError("host_unknown", host=settings.host) from None
    except OSError:
        raise UsageError("port_taken", host=settings.host, port=port) from None


def _when_ready(address: str, link: str, on_ready: Callable[[str], None]) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address + _HEALTH, timeout=1):  # noqa: S310 our own address
                break
        except OSError:
            time.sleep(0.1)
    else:
        return
    on_ready(link)
