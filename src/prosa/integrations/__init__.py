"""Adapters for other people's frameworks, each behind an extra of its own and imported by name."""
