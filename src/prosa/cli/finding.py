"""What a check of `prosa doctor` has found, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from prosa import locales
from prosa.errors import ProsaError


class Finding(NamedTuple):
    """A message of `doctor.toml` with its values, or an error that says itself what is wrong."""

    well: bool
    key: str = ""
    values: Mapping[str, Any] = MappingProxyType({})
    error: ProsaError | None = None

    def sentence(self, locale: str) -> str:
        """What was found, in one sentence."""
        if self.error is not None:
            return self.error.sentence(locale)
        return locales.text(f"doctor.{self.key}", locale, **self.values)

    def hint(self, locale: str) -> str:
        """What to do; empty where there is nothing to do."""
        if self.error is not None:
            return self.error.hint(locale)
        return locales.text(f"doctor.{self.key}_hint", locale, default="", **self.values)


def tell(found: Finding, locale: str) -> None:
    """Prints it."""
    print(f"{'✓' if found.well else '✗'} {found.sentence(locale)}")
    if hint := found.hint(locale):
        print(f"  {hint}")
