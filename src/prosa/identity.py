"""Who asks. Every call that touches somebody's data takes a `Principal` as its first argument."""

from __future__ import annotations

import msgspec


class Principal(msgspec.Struct, frozen=True):
    """One authenticated person or program.

    `user` divides stored data between owners, `groups` widen what may be read, and `session` tells one browser or
    notebook of the same user from another.
    """

    user: str
    groups: frozenset[str] = frozenset()
    session: str = ""

    def may_read(self, owner: str | None) -> bool:
        """Whether a thing of `owner` may be read: `None` is shared with everybody, `group:x` with a group."""
        if owner is None or owner == self.user:
            return True
        return owner.startswith("group:") and owner.removeprefix("group:") in self.groups


LOCAL = Principal("local")
"""The person at this machine: the owner of everything in the library and the command line."""
