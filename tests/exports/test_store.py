"""Results and files are held for their owner, for a while, within bounds."""

import inspect

import msgspec
import pytest

from prosa.errors import AccessError, LimitError
from prosa.exports.store import Store, StoredFile
from prosa.identity import Principal
from prosa.results import Provenance, Recipe, Result

ANA, BIA = Principal("ana"), Principal("bia")
ABOUT = Provenance("how many?", "SELECT 1", "demo", "r1", "2024-01-01T00:00:00Z", 1)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def result(result_id, snapshot=b"x" * 100):
    return Result(result_id, (), (), 1, (), Recipe("SELECT 1", "duckdb", ("demo",), "f"), snapshot=snapshot)


def put(store, principal, size=100):
    """A result of about so many bytes; its id."""
    made = result(store.new_id(), b"x" * size)
    store.put(principal, made, "database", ABOUT)
    return made.id


def gone(store, principal, item_id):
    with pytest.raises(AccessError) as caught:
        store.get(principal, item_id)
    return caught.value.code


def test_a_result_is_found_with_its_database_and_origin():
    store = Store()
    made = result("r1")
    store.put(ANA, made, "database", ABOUT)
    found = store.get(ANA, "r1")
    assert (found.result, found.database, found.provenance) == (made, "database", ABOUT)


def test_a_file_is_found_as_it_was():
    store = Store()
    file = StoredFile("a.csv", "text/csv", b"a\r\n", rows=0)
    assert store.get_file(ANA, store.put_file(ANA, file)) == file


def test_ids_can_not_be_guessed():
    ids = {Store.new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert min(map(len, ids)) >= 22


def test_another_person_finds_nothing_by_any_id():
    """Every method that takes an id, called by somebody else with ids that exist, even after they are gone."""
    clock = Clock()
    store = Store(clock=clock)
    result_id, file_id = put(store, ANA), store.put_file(ANA, StoredFile("a", "b", b"c"))
    tried = []
    for _ in range(2):
        for name, method in inspect.getmembers(store, inspect.ismethod):
            wanted = [key for key in inspect.signature(method).parameters if key.endswith("_id")]
            if name.startswith("_") or not wanted:
                continue
            for item_id in (result_id, file_id):
                with pytest.raises(AccessError) as caught:
                    method(BIA, item_id)
                assert caught.value.code == "not_found", name
            tried.append(name)
        assert store.get(ANA, result_id)
        clock.now = 0.0
    assert set(tried) == {"get", "get_file", "remove"}
    clock.now = 1e9
    assert gone(store, BIA, result_id) == "not_found"
    assert gone(store, ANA, result_id) == "file_gone"


def test_what_is_too_old_is_gone_and_says_how_to_get_it_again():
    clock = Clock()
    store = Store(seconds=60, clock=clock)
    old = put(store, ANA)
    clock.now = 30
    young = put(store, ANA)
    clock.now = 60
    assert gone(store, ANA, old) == "file_gone"
    assert store.get(ANA, young)
    assert AccessError("file_gone").hint()


def test_a_full_store_evicts_the_oldest_of_the_same_owner():
    store = Store(per_user=1_000)
    others = put(store, BIA, 900)
    first, second, third = (put(store, ANA, 400) for _ in range(3))
    assert gone(store, ANA, first) == "file_gone"
    assert store.get(ANA, second)
    assert store.get(ANA, third)
    assert store.get(BIA, others)


def test_all_owners_together_have_a_bound():
    store = Store(per_user=1_000, in_all=1_500)
    ids = {name: put(store, Principal(name), 700) for name in ("ana", "bia", "caio")}
    assert store.size <= 1_500
    assert gone(store, ANA, ids["ana"]) == "file_gone"
    assert store.get(Principal("caio"), ids["caio"])


def test_a_result_too_large_to_hold_is_kept_as_its_recipe():
    store = Store(per_item=1_000)
    large = put(store, ANA, 5_000)
    assert not store.get(ANA, large).result.held
    assert store.get(ANA, large).result.recipe.sql == "SELECT 1"
    assert store.get(ANA, put(store, ANA, 900)).result.held


def test_a_result_whose_first_rows_alone_are_too_large_is_kept_and_takes_the_room_of_all_others():
    store = Store(per_user=1_000)
    before = put(store, ANA)
    wide = msgspec.structs.replace(result(store.new_id(), b"x" * 900), head=(("y" * 2_000,),))
    store.put(ANA, wide, "database", ABOUT)
    assert not store.get(ANA, wide.id).result.held
    assert gone(store, ANA, before) == "file_gone"


def test_a_file_too_large_to_hold_is_refused():
    with pytest.raises(LimitError) as caught:
        Store(per_item=1 << 20).put_file(ANA, StoredFile("big.csv", "text/csv", b"x" * ((1 << 20) + 1)))
    assert caught.value.sentence() == "big.csv is larger than the limit of 1 MB for one file."


def test_a_result_is_not_a_file():
    store = Store()
    with pytest.raises(AccessError) as caught:
        store.get_file(ANA, put(store, ANA))
    assert caught.value.code == "not_found"


def test_what_is_put_again_under_its_id_replaces_what_was_there():
    store = Store()
    store.put(ANA, result("r1", b"old"), "database", ABOUT)
    store.put(ANA, result("r1", b"new"), "database", ABOUT)
    assert store.get(ANA, "r1").result.snapshot == b"new"
    assert store.size < 10


def test_what_was_removed_weighs_nothing():
    store = Store()
    made = put(store, ANA)
    store.remove(ANA, made)
    assert store.size == 0
    assert gone(store, ANA, made) == "file_gone"


def test_only_so_many_gone_ids_are_remembered():
    store = Store(per_user=200)
    first = put(store, ANA, 150)
    for _ in range(10_001):
        put(store, ANA, 150)
    assert gone(store, ANA, first) == "not_found"
