"""Ask your data a question in plain words; watch it work; get an answer that you can check.

    answer = prosa.ask("sales.csv", "top 5 customers by revenue")
    print(answer.text)

Public names load when they are first used, so that `import prosa` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Answer": "prosa.answer",
    "Entry": "prosa.events",
    "PipelineOrchestrator": "prosa.app.orchestrator",
    "Principal": "prosa.identity",
    "ProsaError": "prosa.errors",
    "Question": "prosa.question",
    "ask": "prosa.app",
    "asgi": "prosa.server.asgi",
    "open": "prosa.app",
}

__all__ = [
    "Answer", "Entry", "PipelineOrchestrator", "Principal", "ProsaError", "Question", "__version__",
    "asgi", "ask", "open",
]  # fmt: skip

if TYPE_CHECKING:
    from prosa.answer import Answer
    from prosa.app import ask, open
    from prosa.app.orchestrator import PipelineOrchestrator
    from prosa.errors import ProsaError
    from prosa.events import Entry
    from prosa.identity import Principal
    from prosa.question import Question
    from prosa.server.asgi import asgi


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'prosa' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
