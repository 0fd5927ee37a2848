"""The memory bound of a child as the system enforces it, behind the engine's own."""

from __future__ import annotations

HEADROOM = 1 << 30
"""For what an engine's own limit does not count: the interpreter, Arrow's buffers, a single huge value. An allocation
beyond it fails at once, as an error inside the child, before the machine runs short."""


def bound_memory(engine_limit: int) -> None:
    """Caps the process's private memory, in bytes. No effect on systems without such a limit."""
    try:
        import resource
    except ImportError:  # Windows
        return
    bound = engine_limit + HEADROOM
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))
