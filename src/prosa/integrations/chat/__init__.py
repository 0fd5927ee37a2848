"""Somebody's own agent behind the chat wire: what it may be, and how its parts become events of a run."""
