"""What can be taken away in which formats, and where: the page makes its menus from this, so new formats appear by
themselves."""

from __future__ import annotations

from functools import cache

from prosa import chart_export
from prosa.conversations.export import MEDIA_TYPES
from prosa.exports.formats import FORMATS, find
from prosa.server.replies import FormatInfo


@cache
def offered() -> dict[str, tuple[FormatInfo, ...]]:
    """The formats of a result and of a conversation, each in the order in which people should meet them."""
    return {
        "result": tuple(
            FormatInfo(row.name, row.extension, f"results/{{id}}/export?format={row.name}") for row in FORMATS.values()
        ),
        "chart": tuple(
            FormatInfo(name, _extension(name), f"runs/{{run}}/charts/{{id}}?format={name}")
            for name in chart_export.FORMATS
        ),
        "answer": (FormatInfo("zip", "zip", "runs/{id}/bundle.zip"),),
        "conversation": (
            *(FormatInfo(name, name, f"conversations/{{id}}/export?format={name}") for name in MEDIA_TYPES),
            FormatInfo("zip", "zip", "conversations/{id}/bundle.zip"),
        ),
    }


def _extension(name: str) -> str:
    """A picture's is its own name; it is no format of tables."""
    return name if name in chart_export.PICTURES else find(name).extension
