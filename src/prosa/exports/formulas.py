"""Which text a spreadsheet would run (OWASP, CSV Injection): one rule for every writer. Patterns are Python's and
Arrow's alike."""

from __future__ import annotations

import re

STARTS = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\0", "＝", "＋", "－", "＠", "｜", "％")
"""What makes a spreadsheet take text for a formula, with the full-width forms."""

LIKE = f"^({'|'.join(map(re.escape, STARTS))})"
"""Text that begins with one of them."""

NUMBER = r"^[+-]?([0-9]+([.,][0-9]+)*|[.,][0-9]+)([eE][+-]?[0-9]+)?$"
"""Wholly a number, as somebody may have typed it: harmless, and it stays as it is."""
