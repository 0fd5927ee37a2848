"""Making the demo data: always the same, whole or not there, and again only when it must."""

from datetime import date, timedelta

import pytest
from pyarrow import parquet

from prosa import demo
from prosa.errors import StorageError

DAY = date(2024, 3, 1)


def contents(files):
    return {name: parquet.read_table(path) for name, path in files.items()}


def test_the_same_day_gives_the_same_bytes(tmp_path):
    first, second = demo.make(tmp_path / "a", DAY), demo.make(tmp_path / "b", DAY)
    assert [path.read_bytes() for path in first.values()] == [path.read_bytes() for path in second.values()]


@pytest.mark.parametrize(
    ("table", "day"),
    [("orders", "ordered_at"), ("returns", "returned_on"), ("customers", "signed_up_on"), ("order_items", None)],
)
def test_rows_of_the_past_stay_as_they_are_when_the_day_moves_on(tmp_path, table, day):
    before = contents(demo.make(tmp_path / "a", DAY))[table]
    after = contents(demo.make(tmp_path / "b", DAY + timedelta(days=40)))[table]
    assert after.num_rows > before.num_rows
    assert after.slice(0, before.num_rows) == before
    if day:
        first_new = after[day][before.num_rows].as_py()
        assert f"{first_new}" > f"{DAY}"


def test_what_is_there_is_not_made_again(tmp_path):
    files = demo.make(tmp_path, DAY)
    times = [path.stat().st_mtime_ns for path in files.values()]
    assert demo.make(tmp_path, DAY) == files
    assert [path.stat().st_mtime_ns for path in files.values()] == times


@pytest.mark.parametrize("spoil", ["day", "version", "stamp", "file"])
def test_it_is_made_again_when_day_or_version_changes_or_something_is_missing(tmp_path, monkeypatch, spoil):
    files = demo.make(tmp_path, DAY)
    before = files["orders"].stat().st_ino
    day = DAY
    if spoil == "day":
        day += timedelta(days=1)
    elif spoil == "version":
        monkeypatch.setattr(demo, "VERSION", demo.VERSION + 1)
    else:
        (tmp_path / ".stamp" if spoil == "stamp" else files["stores"]).unlink()
    demo.make(tmp_path, day)
    assert files["orders"].stat().st_ino != before


def test_only_the_tables_and_the_stamp_are_left_behind(tmp_path):
    files = demo.make(tmp_path, DAY)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [path.name for path in files.values()] + [".stamp"]
    )
    assert tuple(files) == demo.TABLES


def test_a_stop_in_the_middle_leaves_no_stamp_and_the_next_call_repairs_it(tmp_path):
    files = demo.make(tmp_path, DAY)
    whole = contents(files)
    files["returns"].unlink()
    files["returns"].mkdir()
    (files["returns"] / "in the way").touch()
    with pytest.raises(StorageError):
        demo.make(tmp_path, DAY + timedelta(days=1))
    assert not (tmp_path / ".stamp").exists()
    (files["returns"] / "in the way").unlink()
    files["returns"].rmdir()
    assert contents(demo.make(tmp_path, DAY)) == whole


def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError):
        demo.make(tmp_path / "file" / "demo", DAY)
    assert demo.make(tmp_path / "folder" / "demo", DAY)


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
def test_there_are_eight_different_examples_in_each_language(locale):
    assert len(set(demo.examples(locale))) == 10
