"""The cache: found again by identity, whole or not there, private, and below its cap."""

import os
import stat
import subprocess
import sys
import threading
import time

import pytest

from prosa.errors import StorageError
from prosa.sources.cache import Cache, key_of

CSV = "id,name\n1,Ana\n2,Bob\n"


def entries(bench):
    return sorted(path.name for path in (bench.cache / "sources").iterdir())


def test_a_file_is_read_once(bench):
    path = bench.write("x.csv", CSV)
    first = bench.prepare(path)
    made = entries(bench)
    assert bench.prepare(path) == first
    assert entries(bench) == made == [first.fingerprint]


def test_another_name_or_owner_reads_nothing_again(bench):
    path = bench.write("x.csv", CSV)
    first = bench.prepare(path, name="a")
    second = bench.prepare(path, name="b", owner="ana")
    assert first.fingerprint == second.fingerprint
    assert (second.name, second.owner, second.tables[0].name) == ("b", "ana", "b")
    assert first.id != second.id
    assert len(entries(bench)) == 1


def test_an_id_stays_when_the_data_change(bench):
    path = bench.write("x.csv", CSV)
    first = bench.prepare(path)
    path.write_text(CSV + "3,Eva\n")
    second = bench.prepare(path)
    assert first.id == second.id
    assert first.fingerprint != second.fingerprint
    assert second.tables[0].rows == 3


def test_a_change_that_keeps_size_and_length_of_time_is_seen(bench):
    path = bench.write("x.csv", CSV)
    first = bench.prepare(path)
    path.write_text(CSV.replace("Ana", "Eva"))
    assert bench.prepare(path).fingerprint != first.fingerprint


def test_a_file_that_was_replaced_is_seen_even_with_its_old_time(bench):
    path = bench.write("x.csv", CSV)
    first = bench.prepare(path)
    other = bench.write("y.csv", CSV.replace("Ana", "Eva"))
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)
    assert bench.prepare(path).fingerprint != first.fingerprint


def test_the_folder_is_private(bench):
    bench.read(CSV)
    assert stat.S_IMODE((bench.cache / "sources").stat().st_mode) == 0o700


def test_a_failure_leaves_nothing_behind(tmp_path):
    cache = Cache(tmp_path)

    def fill(scratch, final):
        (scratch / "half").write_text("x")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.get("key", fill)
    assert list((tmp_path / "sources").iterdir()) == []


def test_two_that_make_one_entry_at_once_both_get_it(tmp_path):
    cache = Cache(tmp_path)
    both = threading.Barrier(2, timeout=30)
    found = []

    def fill(scratch, final):
        both.wait()
        return b"made"

    threads = [threading.Thread(target=lambda: found.append(cache.get("key", fill))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [b"made", b"made"]
    assert [path.name for path in (tmp_path / "sources").iterdir()] == ["key"]


def make(cache, key, size=1000):
    def fill(scratch, final):
        (scratch / "data").write_bytes(b"x" * size)
        return b"info"

    cache.get(key, fill)


def forget(folder, key, age):
    """Lets an entry look as if a process that has ended had used it long ago."""
    entry = folder / "sources" / key
    for mark in entry.glob("used.*"):
        mark.rename(mark.with_name(mark.name.rpartition(".")[0] + ".999999999"))
    long_ago = time.time() - age
    os.utime(entry, (long_ago, long_ago))


def test_the_oldest_go_when_there_are_too_many(tmp_path):
    cache = Cache(tmp_path, cap=2500)
    for place, key in enumerate(("old", "older")):
        make(cache, key)
        forget(tmp_path, key, 10_000 * (place + 1))
    make(cache, "new")
    assert sorted(path.name for path in (tmp_path / "sources").iterdir()) == ["new", "old"]


def test_what_a_living_process_uses_stays(tmp_path):
    cache = Cache(tmp_path, cap=1500)
    make(cache, "used")
    long_ago = time.time() - 10_000
    os.utime(tmp_path / "sources" / "used", (long_ago, long_ago))
    make(cache, "new")
    assert sorted(path.name for path in (tmp_path / "sources").iterdir()) == ["new", "used"]


def test_what_was_used_lately_stays(tmp_path):
    cache = Cache(tmp_path, cap=1500)
    make(cache, "late")
    forget(tmp_path, "late", 60)
    make(cache, "new")
    assert sorted(path.name for path in (tmp_path / "sources").iterdir()) == ["late", "new"]


def test_what_a_killed_process_left_half_written_goes(bench):
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom prosa.sources.cache import Cache\n"
        "def fill(scratch, final):\n    (scratch / 'half').write_text('x')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "Cache(Path(sys.argv[1])).get('key', fill)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(bench.cache)], check=False)
    assert len(entries(bench)) == 1
    info = bench.read(CSV)
    assert entries(bench) == [info.fingerprint]


def test_a_folder_that_can_not_be_made_is_told(tmp_path, bench):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    bench.cache = blocked
    with pytest.raises(StorageError) as failure:
        bench.read(CSV)
    assert failure.value.hint("pt-BR")


def test_a_full_disk_is_told_and_nothing_is_half_written(bench):
    """A limit on the size of files stands for the disk; it holds for a process, so another one reads."""
    path = bench.write("big.csv", "id,name\n" + "".join(f"{n},{'name ' * 5}{n}\n" for n in range(400_000)))
    code = (
        "import resource, sys\nfrom pathlib import Path\nfrom prosa.errors import ProsaError\n"
        "from prosa.sources.prepare import prepare\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"
        "try:\n    prepare('big', sys.argv[1], cache_dir=Path(sys.argv[2]))\n"
        "except ProsaError as error:\n    print(type(error).__name__, error.code)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, str(path), str(bench.cache)], capture_output=True, text=True, check=False
    )
    assert found.stdout.split() == ["StorageError", "cache_full"]
    assert entries(bench) == []
    assert bench.prepare(path).tables[0].rows == 400_000


def test_a_key_knows_the_files_and_how_they_are_read(tmp_path):
    file = tmp_path / "x"
    file.write_text("1")
    assert key_of([file], 1) == key_of([file], 1)
    assert key_of([file], 1) != key_of([file], 2)
    before = key_of([file])
    (tmp_path / "x-wal").write_text("log")
    assert key_of([file]) != before
