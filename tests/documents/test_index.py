"""The index: what it finds, for whom, and that it is whole at any time."""

import inspect
import sqlite3

import pytest

from prosa.documents import DocumentInfo, Index
from prosa.documents.values import Piece, ReadDocument
from prosa.documents.words import stem
from prosa.errors import AccessError, StorageError
from prosa.identity import LOCAL, Principal

ANA, BIA = Principal("ana"), Principal("bia", frozenset({"sales"}))


def pieces(*texts):
    return [Piece(text, " ".join(stem(word, "en") for word in text.lower().split())) for text in texts]


def info(id, owner=None, **more):
    return DocumentInfo(id, f"{id}.txt", "txt", "en", owner=owner, **more)


def found(index, principal, words, among=("a", "b", "c")):
    groups = [frozenset({stem(word, "en")}) for word in words.split()]
    return [(one.document, one.place) for one in index.search(principal, groups, among=among)]


def test_passages_are_found_by_stem_the_best_first(index):
    index.put(LOCAL, info("a"), pieces("returns returned return", "a long text that only once says returning it"))
    index.put(LOCAL, info("b"), pieces("nothing here"))
    assert found(index, LOCAL, "return") == [("a", 0), ("a", 1)]
    assert found(index, LOCAL, "absent") == []
    assert found(index, LOCAL, "") == []


def test_a_document_is_replaced_whole(index):
    index.put(LOCAL, info("a"), pieces("old words", "older words"))
    index.put(LOCAL, info("a"), pieces("new words"))
    assert found(index, LOCAL, "old") == []
    assert found(index, LOCAL, "new") == [("a", 0)]
    assert (index.get(LOCAL, "a").passages, index.size()) == (1, 1)


def test_what_is_removed_leaves_nothing_behind(index):
    index.put(LOCAL, info("a"), pieces("secret words"))
    index.put(LOCAL, info("b"), pieces("other words"))
    index.remove(LOCAL, "a")
    assert found(index, LOCAL, "secret") == []
    assert index.size() == 1
    assert index.frequency(["secret"]) == 0


def test_a_document_of_somebody_else_does_not_exist(index):
    index.put(ANA, info("a", owner="ana"), pieces("private words"))
    index.put(ANA, info("b"), pieces("public words"))
    assert [one.id for one in index.list(ANA)] == ["a", "b"]
    assert [one.id for one in index.list(BIA)] == ["b"]
    assert found(index, ANA, "private") == [("a", 0)]
    assert found(index, BIA, "private words") == [("b", 0)]


def test_no_method_gives_away_what_is_somebody_elses(index):
    """Every method that takes an id is called with that of somebody else's document."""
    index.put(ANA, info("a", owner="ana"), pieces("private words"))
    others = {"put": (info("a"), pieces("x")), "share": ("a", "sales"), "passage": ("a", 0)}
    tried = []
    for name, method in inspect.getmembers(index, inspect.ismethod):
        names = [*inspect.signature(method).parameters]
        if name.startswith("_") or name in ("list", "search") or names[:1] != ["principal"]:
            continue
        with pytest.raises(AccessError) as caught:
            method(BIA, *others.get(name, ("a",)))
        assert caught.value.status == 404, name
        tried.append(name)
    assert tried == ["get", "passage", "put", "remove", "share"]
    assert index.passage(ANA, "a", 0).text == "private words"


def test_a_shared_document_is_read_by_the_group_and_changed_by_its_owner_alone(index):
    index.put(ANA, info("a", owner="ana"), pieces("private words"))
    index.share(ANA, "a", "sales")
    assert found(index, BIA, "private") == [("a", 0)]
    assert found(index, Principal("caio"), "private") == []
    for change in (lambda: index.remove(BIA, "a"), lambda: index.share(BIA, "a", "")):
        with pytest.raises(AccessError) as caught:
            change()
        assert caught.value.status == 403
    index.share(ANA, "a", "")
    assert found(index, BIA, "private") == []


def test_a_search_is_narrowed_to_the_documents_that_are_asked(index):
    for id in ("a", "b", "c"):
        index.put(LOCAL, info(id), pieces("equal words"))
    assert found(index, LOCAL, "equal", among=["c", "gone"]) == [("c", 0)]


def test_common_words_alone_still_find_passages(index, monkeypatch):
    monkeypatch.setattr("prosa.documents.index.MOST_MATCHES", 10)
    index.put(LOCAL, info("a"), pieces(*["common word"] * 40, *["common pair"] * 30, "common pair word"))
    assert found(index, LOCAL, "common pair word") != []
    assert len(found(index, LOCAL, "common")) == 10


def test_passages_are_fetched_by_place(index):
    index.put(LOCAL, info("a"), [Piece("first", "first", ("Top", "Under"), page=3), Piece("second", "second")])
    one = index.passage(LOCAL, "a", 0)
    assert (one.text, one.headings, one.page) == ("first", ("Top", "Under"), 3)
    for place in (-1, 2):
        with pytest.raises(AccessError):
            index.passage(LOCAL, "a", place)


def test_an_index_is_there_again_when_it_is_opened(tmp_path):
    with Index(tmp_path / "i.db") as index:
        index.put(LOCAL, info("a", identity="1", notices=(("pages_silent", {"count": 1}),)), pieces("kept words"))
    with Index(tmp_path / "i.db") as index:
        assert found(index, LOCAL, "kept") == [("a", 0)]
        assert index.get(LOCAL, "a").notices == (("pages_silent", {"count": 1}),)


@pytest.mark.parametrize("content", [b"not a database at all" * 100, None], ids=["noise", "another version"])
def test_an_index_that_can_not_be_used_is_made_anew(tmp_path, content):
    path = tmp_path / "i.db"
    with Index(path) as index:
        index.put(LOCAL, info("a"), pieces("old words"))
    if content is None:
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA user_version = 99")
        db.close()
    else:
        path.write_bytes(content)
    with Index(path) as index:
        assert index.list(LOCAL) == ()
        index.put(LOCAL, info("a"), pieces("new words"))
        assert found(index, LOCAL, "new") == [("a", 0)]


def test_a_place_that_can_not_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError) as caught:
        Index(tmp_path / "file" / "i.db")
    assert caught.value.code == "storage_index"


def test_a_document_that_fails_half_way_leaves_the_old_one(index):
    index.put(LOCAL, info("a"), pieces("old words"))

    def broken():
        yield from pieces("new words")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        index.put(LOCAL, info("a"), type("Broken", (list,), {"__iter__": lambda self: broken()})([1]))
    assert found(index, LOCAL, "old") == [("a", 0)]


def test_documents_whose_files_are_gone_are_swept_out(index, tmp_path):
    (tmp_path / "here.txt").write_text("x")
    index.put(LOCAL, info("a", path=str(tmp_path / "here.txt")), pieces("one"))
    index.put(LOCAL, info("b", path=str(tmp_path / "gone.txt")), pieces("two"))
    index.sweep()
    assert [one.id for one in index.list(LOCAL)] == ["a"]


def test_a_read_document_crosses_a_process_whole():
    import msgspec

    document = ReadDocument("pdf", "pt", (Piece("a", "a", ("h",), "h", 2),), "t", 2, (("pages_silent", {"count": 1}),))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(document), type=ReadDocument) == document
