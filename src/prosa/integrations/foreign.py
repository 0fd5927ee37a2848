"""What all agents that are not ours share: how their failures are told, and where their conversations go on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from prosa.errors import ModelError, ProsaError
from prosa.question import Context

logger = logging.getLogger(__name__)

_THREAD = "agent_thread"


@contextmanager
def guarded() -> Iterator[None]:
    """Whatever an agent raises becomes ModelError `agent_failed`, with the reason in the log alone."""
    try:
        yield
    except ProsaError:
        raise
    except Exception as error:  # somebody else's code
        logger.exception("the agent failed")
        raise ModelError("agent_failed") from error


def thread_of(context: Context) -> str:
    """The name of the agent's own conversation: that of ours or, outside of one, that of the turn which this one goes
    on from. It is remembered with the turn."""
    before = context.history[-1].state.get(_THREAD) if context.history else None
    thread = context.conversation or before or context.run_id
    context.remember[_THREAD] = thread
    return str(thread)
