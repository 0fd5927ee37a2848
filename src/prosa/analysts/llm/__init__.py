"""The `llm` analyst: a language model plans with tools and writes the words; guard, stages and checks stay the same.

Light on purpose: what imports pydantic-ai (extra `llm`) stands in `planning`, `speaking` and `models`, and is loaded by
the first question that needs it, or by a server that has just started.
"""

from prosa.analysts.llm.analyst import LlmAnalyst
from prosa.analysts.llm.budget import Budget
from prosa.analysts.llm.job import ModelChoice, Sees

__all__ = ["Budget", "LlmAnalyst", "ModelChoice", "Sees"]
