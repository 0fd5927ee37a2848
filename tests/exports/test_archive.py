"""A zip that is written while its members come."""

import hashlib
import io
import random
import zipfile
from datetime import UTC, datetime

import pytest

from prosa.exports.archive import Archive, Member, whole

AT = datetime(2025, 1, 2, 3, 4, 6, tzinfo=UTC)


async def chunks(*parts):
    for part in parts:
        if isinstance(part, Exception):
            raise part
        yield part


async def members(*items):
    for item in items:
        yield item


async def read(archive):
    return b"".join([chunk async for chunk in archive])


async def gathered(archive, into):
    async for chunk in archive:
        into.append(chunk)


async def test_members_come_out_as_they_went_in():
    archive = Archive(members(Member("a.csv", chunks(b"1,", b"2")), Member("b/ã.png", whole(b"x" * 9), True)), AT)
    data = await read(archive)
    found = zipfile.ZipFile(io.BytesIO(data))
    assert found.testzip() is None
    assert {name: found.read(name) for name in found.namelist()} == {"a.csv": b"1,2", "b/ã.png": b"x" * 9}
    assert found.getinfo("a.csv").date_time == (2025, 1, 2, 3, 4, 6)
    assert archive.sha256 == hashlib.sha256(data).hexdigest()
    assert [(done.name, done.size) for done in archive.written] == [("a.csv", 3), ("b/ã.png", 9)]
    assert archive.written[0].sha256 == hashlib.sha256(b"1,2").hexdigest()


async def test_a_later_member_may_tell_of_those_before():
    async def telling():
        yield Member("first", whole(b"abc"))
        yield Member("about", whole(str(archive.written[0].size).encode()))

    archive = Archive(telling(), AT)
    assert zipfile.ZipFile(io.BytesIO(await read(archive))).read("about") == b"3"


async def test_it_flows_and_holds_little():
    archive = Archive(members(Member("big.png", chunks(*[bytes(100_000)] * 50))), AT)
    assert max([len(chunk) async for chunk in archive]) < 600_000


async def test_a_member_that_fails_leaves_a_zip_without_an_end():
    archive = Archive(members(Member("a", chunks(random.Random(1).randbytes(600_000), ValueError("gone")))), AT)
    got = []
    with pytest.raises(ValueError, match="gone"):
        await gathered(archive, got)
    assert got
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(b"".join(got)))
    assert archive.sha256 is None
