"""Who may read what."""

import pytest

from prosa.identity import Principal

ANA = Principal("ana", frozenset({"finance"}))


@pytest.mark.parametrize(
    ("owner", "may"),
    [(None, True), ("ana", True), ("bia", False), ("group:finance", True), ("group:sales", False), ("", False)],
)
def test_a_thing_is_read_by_its_owner_its_group_or_when_shared_by_all(owner, may):
    assert ANA.may_read(owner) is may
