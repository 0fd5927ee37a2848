"""Waiting files: each session sees its own, by name, and only where it is bound."""

import asyncio
import contextvars
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from prosa.errors import LimitError, UsageError
from prosa.exports import downloads
from prosa.exports.downloads import PendingDownloads, bound_downloads
from prosa.exports.store import Store
from prosa.identity import Principal

ANA = Principal("ana", session="one")
SAME_USER = Principal("ana", session="two")
BOB = Principal("bob", session="one")
AT = datetime(2026, 11, 21, 10, 30)


def test_a_file_waits_under_its_name_until_it_is_cleared():
    pending = PendingDownloads(Store(), ANA)
    name = pending.add("Vendas por loja", "csv", "text/csv", b"a,b", at=AT)
    assert name == "Vendas_por_loja_20261121_103000.csv"
    assert pending.get(name) == (b"a,b", "text/csv")
    assert pending.all() == {name: (b"a,b", "text/csv")}
    assert pending.clear(name) is True
    assert pending.get(name) is None
    assert pending.clear(name) is False


def test_equal_names_of_one_second_get_numbers():
    pending = PendingDownloads(Store(), ANA)
    names = [pending.add("x", "csv", "text/csv", bytes([number]), at=AT) for number in range(3)]
    assert names == ["x_20261121_103000.csv", "x_20261121_103000_2.csv", "x_20261121_103000_3.csv"]
    assert [pending.get(name)[0] for name in names] == [b"\0", b"\1", b"\2"]


@pytest.mark.parametrize("other", [SAME_USER, BOB, Principal("ana")])
def test_no_other_session_reaches_a_file_by_its_name(other):
    store = Store()
    name = PendingDownloads(store, ANA).add("x", "csv", "text/csv", b"secret", at=AT)
    stranger = PendingDownloads(store, other)
    assert stranger.get(name) is None
    assert stranger.all() == {}
    assert stranger.clear(name) is False
    stranger.clear_all()
    assert PendingDownloads(store, ANA).get(name) == (b"secret", "text/csv")


def test_equal_names_in_two_sessions_are_two_files():
    store = Store()
    mine, theirs = PendingDownloads(store, ANA), PendingDownloads(store, SAME_USER)
    assert mine.add("x", "csv", "text/csv", b"1", at=AT) == theirs.add("x", "csv", "text/csv", b"2", at=AT)
    assert (mine.all().popitem()[1][0], theirs.all().popitem()[1][0]) == (b"1", b"2")


def test_what_has_expired_is_none_and_never_an_error():
    now = 0.0
    store = Store(seconds=10, clock=lambda: now)
    pending = PendingDownloads(store, ANA)
    name = pending.add("x", "csv", "text/csv", b"1")
    assert pending.get(name)
    now = 11.0
    assert pending.get(name) is None
    assert pending.all() == {}


def test_a_file_that_the_store_cannot_hold_is_refused():
    with pytest.raises(LimitError):
        PendingDownloads(Store(per_item=10), ANA).add("x", "csv", "text/csv", b"x" * 11)


def test_the_module_functions_work_on_what_is_bound_and_raise_elsewhere():
    with bound_downloads() as pending:
        name = pending.add("x", "csv", "text/csv", b"1")
        pending.add("y", "csv", "text/csv", b"2")
        assert downloads.get_pending_download(name) == (b"1", "text/csv")
        assert len(downloads.get_all_pending_downloads()) == 2
        assert downloads.clear_pending_download(name) is True
        downloads.clear_all_pending_downloads()
        assert downloads.get_all_pending_downloads() == {}
    for call in (downloads.get_all_pending_downloads, downloads.clear_all_pending_downloads):
        with pytest.raises(UsageError, match="bound"):
            call()
    for by_name in (downloads.get_pending_download, downloads.clear_pending_download):
        with pytest.raises(UsageError, match="bound"):
            by_name(name)


def test_a_fresh_binding_reaches_nothing_of_another():
    with bound_downloads() as first:
        name = first.add("x", "csv", "text/csv", b"1")
        with bound_downloads() as second:
            assert downloads.bound() is second
            assert downloads.get_pending_download(name) is None
        assert downloads.get_pending_download(name) == (b"1", "text/csv")


async def test_tasks_that_run_at_once_keep_apart():
    async def session(content):
        with bound_downloads() as pending:
            pending.add("x", "csv", "text/csv", content, at=AT)
            await asyncio.sleep(0)
            return [data for data, _ in downloads.get_all_pending_downloads().values()]

    assert await asyncio.gather(*(session(bytes([number])) for number in range(20))) == [
        [bytes([number])] for number in range(20)
    ]


def test_a_worker_thread_sees_them_through_a_copy_of_the_context_alone():
    with ThreadPoolExecutor(1) as pool, bound_downloads() as pending:
        name = pending.add("x", "csv", "text/csv", b"1")
        with pytest.raises(UsageError, match="bound"):
            pool.submit(downloads.get_pending_download, name).result()
        context = contextvars.copy_context()
        assert pool.submit(context.run, downloads.get_pending_download, name).result() == (b"1", "text/csv")


def test_many_threads_may_add_and_fetch_at_once():
    pending = PendingDownloads(Store(per_user=20_000), ANA)
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda number: pending.add(f"f{number}", "csv", "text/csv", b"x" * 500), range(400)))
    kept = pending.all()
    assert len(names) == len(set(names)) == 400
    assert 0 < len(kept) <= 40
    assert set(kept) <= set(names)


def test_files_of_one_name_that_are_made_at_once_get_a_name_each():
    pending = PendingDownloads(Store(), ANA)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            names = list(
                pool.map(lambda number: pending.add("f", "csv", "text/csv", b"%d" % number, at=AT), range(200))
            )
    finally:
        sys.setswitchinterval(before)
    assert len(set(names)) == 200
    assert [pending.get(name) for name in names] == [(b"%d" % number, "text/csv") for number in range(200)]
