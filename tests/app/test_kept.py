"""Desks stay open for the next question, and close when nobody asks."""

import asyncio

import pyarrow as pa
import pytest

from prosa import config
from prosa.app.kept import KeptDesks
from prosa.errors import UsageError


@pytest.fixture
def settings():
    return config.read()


@pytest.fixture
async def desks():
    desks = KeptDesks(most_idle=2)
    yield desks
    await desks.aclose()


async def test_the_same_sources_share_a_desk(desks, settings, sales):
    async with desks.over(sales, settings) as first, desks.over(str(sales), settings) as second:
        assert first is second
    async with desks.over(sales, settings) as third:
        assert third is first


async def test_other_settings_are_another_desk(desks, settings, sales):
    async with desks.over(sales, settings) as first, desks.over(sales, config.read({"port": 1})) as second:
        assert first is not second


async def test_two_who_come_at_once_open_it_once(desks, settings, sales):
    async def come():
        async with desks.over(sales, settings) as kept:
            return kept

    first, second = await asyncio.gather(come(), come())
    assert first is second


async def test_only_so_many_stay_open_and_the_last_used_do(desks, settings, tmp_path):
    seen = []
    for name in ("a", "b", "c"):
        async with desks.over(tmp_path / f"{name}.csv", settings) as kept:
            seen.append(kept)
    await asyncio.gather(*desks._closing)
    assert [kept.is_open for kept in seen] == [False, True, True]


async def test_an_idle_desk_closes_after_its_time(settings, sales):
    desks = KeptDesks(idle_seconds=0)
    async with desks.over(sales, settings) as kept:
        pass
    while kept.is_open:  # noqa: ASYNC110 only the loop's own timer is waited for
        await asyncio.sleep(0)
    await desks.aclose()


async def test_a_desk_in_use_stays_open(settings, sales):
    desks = KeptDesks(most_idle=0, idle_seconds=0)
    async with desks.over(sales, settings) as kept:
        async with desks.over(sales, settings):
            pass
        await asyncio.sleep(0)
        assert desks._kept
        assert kept.is_open
    await desks.aclose()


async def test_a_frames_file_goes_with_its_desk(desks, settings):
    async with desks.over(pa.table({"a": [1]}), settings) as kept:
        folder = desks._folder()
        assert len(list(folder.iterdir())) == 1
    for number in (2, 3, 4):
        async with desks.over(pa.table({"a": [number]}), settings):
            pass
    await asyncio.gather(*desks._closing)
    assert len(list(folder.iterdir())) == 2
    await desks.aclose()
    assert not folder.exists()
    assert not kept.is_open


async def test_what_is_no_source_opens_nothing(desks, settings):
    with pytest.raises(UsageError):
        async with desks.over(3, settings):
            pass
    assert not desks._kept
