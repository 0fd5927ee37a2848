"""Runs: an answerer at work in a task of its own, and the log of what it said."""

from prosa.runs.log import Log
from prosa.runs.manager import RunManager
from prosa.runs.run import Run

__all__ = ["Log", "Run", "RunManager"]
