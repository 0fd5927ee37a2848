"""The memory bound of a child as the system enforces it, behind the engine's own."""

from __future__ import annotations

import os

HEADROOM = 1 << 30
"""For what an engine's own limit does not count: the interpreter, Arrow's buffers, a single huge value. An allocation
beyond it fails at once, as an error inside the child, before the machine runs short."""


PER_THREAD = 16 << 20
"""A thread's stack and its allocator's arena; an engine starts one thread a core."""


def worn(engine_limit: int) -> bool:
    """Whether so much of the bound is used between two jobs that the next one might fail for want of memory: the
    engines' allocators keep address space that they once had. False where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as pages:
            used = int(pages.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return False
    return used > _bound(engine_limit) - HEADROOM // 2


FOR_READING = 2 << 30
"""Besides, while files are read: address space that Arrow's and DuckDB's allocators keep without using it. What is
really used stays far below (docs/sources.md)."""


def bound_memory(engine_limit: int, extra: int = 0) -> None:
    """Caps the process's private memory, in bytes. No effect on systems without such a limit."""
    try:
        import resource
    except ImportError:  # Windows
        return
    bound = _bound(engine_limit) + extra
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))


def bounded() -> bool:
    """Whether this process's memory is capped at all: a child's is, that of somebody who calls its parts is not."""
    try:
        import resource
    except ImportError:  # Windows
        return False
    return resource.getrlimit(resource.RLIMIT_DATA)[0] != resource.RLIM_INFINITY


def _bound(engine_limit: int) -> int:
    return engine_limit + HEADROOM + PER_THREAD * (os.cpu_count() or 1)
