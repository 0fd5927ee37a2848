"""The protocol over standard input and output, for clients that start us as a child process."""

from __future__ import annotations

from collections.abc import Iterable

from prosa.app import Desk
from prosa.config import Settings
from prosa.errors import UsageError
from prosa.identity import LOCAL


async def serve(settings: Settings, sources: Iterable[tuple[str, str]]) -> None:
    """Serves the person at this machine until the client closes its end. UsageError `extra_missing`."""
    try:
        from mcp.server.stdio import stdio_server

        from prosa.server.mcp.service import Service
    except ModuleNotFoundError as error:
        raise UsageError("extra_missing", extra="mcp") from error
    async with Desk(settings, sources) as desk, stdio_server() as (read, write):
        server = Service(lambda: desk, lambda ctx: LOCAL).server
        await server.run(read, write, server.create_initialization_options())
