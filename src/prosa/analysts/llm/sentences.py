"""A model's deltas gathered into sentences, and a sentence made harmless. No model here."""

from __future__ import annotations

import re

LONGEST = 600
"""A sentence that does not end is cut here, so that words keep coming."""
LONGEST_ANSWER = 6_000

_END = re.compile(r"(?<=[.!?…])[\"”»')\]*]*\s+(?=\S)|\n+")
_SHORT = "e.g i.e etc vs no nº approx aprox dr dra sr sra mr mrs ms st av inc ltda cia p.ex".replace(".", r"\.")
_ABBREVIATED = re.compile(rf"(?:\b(?:{'|'.join(_SHORT.split())})|\b[^\W\d_])\.$", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_ADDRESS = re.compile(r"\b(?:https?|ftp|file|data|javascript):[^\s<>\"')\]]+|\bwww\.[^\s<>\"')\]]+", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>|^\s*(?:[#>|`-]+|\d+[.)])\s+|`{3,}[a-z]*", re.MULTILINE)


class Gatherer:
    """Takes deltas, gives whole sentences. It stops taking after 6,000 characters (`full`)."""

    def __init__(self) -> None:
        self._waiting = ""
        self._taken = 0

    @property
    def full(self) -> bool:
        """Whether the answer is as long as it may be."""
        return self._taken >= LONGEST_ANSWER

    def add(self, delta: str) -> list[str]:
        """The sentences that this delta completes."""
        delta = delta[: LONGEST_ANSWER - self._taken]
        self._taken += len(delta)
        self._waiting += delta
        return self._whole()

    def rest(self) -> str:
        """What is left when no delta follows."""
        waiting, self._waiting = self._waiting.strip(), ""
        return waiting

    def _whole(self) -> list[str]:
        found: list[str] = []
        start = 0
        for end in _END.finditer(self._waiting):
            sentence = self._waiting[start : end.end()]
            if "\n" not in end.group() and _ABBREVIATED.search(sentence.rstrip()):
                continue
            found.append(sentence.strip())
            start = end.end()
        self._waiting = self._waiting[start:]
        while len(self._waiting) > LONGEST:
            cut = self._waiting.rfind(" ", 0, LONGEST) + 1 or LONGEST
            found.append(self._waiting[:cut].strip())
            self._waiting = self._waiting[cut:]
        return [sentence for sentence in found if sentence]


def harmless(sentence: str) -> str:
    """Without pictures, links, addresses, HTML, headings or fences: a model's words may come from a stranger's data,
    and an address in them could carry data away."""
    words = _LINK.sub(r"\1", sentence)
    words = _ADDRESS.sub("", words)
    return " ".join(_MARKUP.sub("", words).split())
