"""What a reader did that people should know: codes and values, whose words stand in `locales/*/notices.toml`."""

from __future__ import annotations

from collections import Counter
from typing import Any

MOST_ALIKE = 5
"""So many notices of one kind about one table; the others are counted."""

Notice = tuple[str, dict[str, Any]]


class Notices:
    """Collects notices. `table` is the one they are about, by its name in the source."""

    def __init__(self) -> None:
        self._found: list[Notice] = []
        self._seen: Counter[tuple[str, str]] = Counter()

    def add(self, code: str, table: str, **values: Any) -> None:
        """One more; values are plain JSON."""
        self._seen[code, table] += 1
        if self._seen[code, table] <= MOST_ALIKE:
            self._found.append((code, {"table": table, **values}))

    def all(self) -> tuple[Notice, ...]:
        """All notices in their order, and how many more there were of a kind."""
        rest = [
            ("more_alike", {"table": table, "count": count - MOST_ALIKE})
            for (_, table), count in self._seen.items()
            if count > MOST_ALIKE
        ]
        return (*self._found, *rest)
