"""The registry of documents: read in child processes, when needed, for those who may."""

import asyncio
import inspect
import os
import tempfile
from pathlib import Path

import pytest

from prosa.documents import Index, Limits
from prosa.errors import AccessError, SourceError, TimeLimit, UsageError
from prosa.identity import LOCAL, Principal
from prosa.workers.documents import Documents, Place, files
from prosa.workers.pool import Workers

ANA, BIA = Principal("ana"), Principal("bia", frozenset({"sales"}))
POLICY = "Fees\n\nThe late fee is 12 euros.\n"


@pytest.fixture
async def workers(tmp_path):
    async with Workers(cache_dir=tmp_path / "cache") as workers:
        yield workers


@pytest.fixture
async def documents(workers, tmp_path):
    with Index(tmp_path / "i.db") as index:
        yield Documents(workers, index, limits=Limits(), time_limit=60)


@pytest.fixture
def write(tmp_path):
    def make(name, text=POLICY):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return make


async def asked(documents, principal, question="What is the late fee?"):
    infos = await documents.open(principal)
    reply = await documents.answer(principal, question, infos)
    return [cited.document.name for cited in reply.cited]


async def test_a_document_is_read_once_and_again_when_its_file_changes(documents, workers, write, monkeypatch):
    read, path = [], write("a.txt")
    whole = workers.read_document

    async def counted(path, *rest, **more):
        read.append(path)
        return await whole(path, *rest, **more)

    monkeypatch.setattr(workers, "read_document", counted)
    documents.add("a", str(path))
    assert await asked(documents, LOCAL) == ["a.txt"]
    await asyncio.gather(*(documents.open(LOCAL) for _ in range(5)))
    assert len(read) == 1
    path.write_text(POLICY.replace("12", "13") + "More words follow.\n")
    infos = await documents.open(LOCAL)
    reply = await documents.answer(LOCAL, "What is the late fee?", infos)
    assert reply.cited[0].sentence == "The late fee is 13 euros."
    assert len(read) == 2


async def test_askers_at_once_share_one_reading(documents, write):
    documents.add("a", str(write("a.txt")))
    found = await asyncio.gather(*(documents.open(LOCAL) for _ in range(8)))
    assert len({infos[0].id for infos in found}) == 1


async def test_progress_counts_what_is_read(documents, write, tmp_path):
    documents.add("docs", str(tmp_path / "docs"))
    for name in ("a", "b", "c"):
        write(f"docs/{name}.md", "# T\n\n" + "A sentence of this file. " * 100)
    seen = []
    await documents.open(LOCAL, (), lambda done, total: seen.append((done, total)))
    assert seen
    assert all(0 <= done <= total for done, total in seen)


async def test_a_folder_gives_its_documents_as_they_are_now(documents, write, tmp_path):
    write("docs/a.md")
    write("docs/rows.csv", "a,b\n1,2\n")
    write("docs/.hidden.md")
    documents.add("docs", str(tmp_path / "docs"))
    assert [info.name for info in await documents.list(LOCAL)] == ["a.md"]
    write("docs/b.txt")
    (tmp_path / "docs/a.md").unlink()
    assert [info.name for info in await documents.list(LOCAL)] == ["b.txt"]


async def test_a_link_out_of_a_folder_is_not_followed(documents, write, tmp_path):
    outside = write("outside.md")
    write("docs/a.md")
    os.symlink(outside, tmp_path / "docs/link.md")
    documents.add("docs", str(tmp_path / "docs"))
    assert [info.name for info in await documents.list(LOCAL)] == ["a.md"]


async def test_a_pattern_finds_documents_in_folders_below(documents, write, tmp_path):
    write("docs/a.md")
    documents.add("all", str(tmp_path / "**/*.md"))
    assert [info.name for info in await documents.open(LOCAL, ("all",))] == ["a.md"]


async def test_the_same_file_given_twice_is_one_document(documents, write):
    path = str(write("a.txt"))
    documents.add("one", path)
    documents.add("two", path)
    assert await asked(documents, LOCAL) == ["a.txt"]


async def test_a_document_that_can_not_be_read_leaves_the_others(documents, write, tmp_path):
    write("docs/a.md")
    (tmp_path / "docs/broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    documents.add("docs", str(tmp_path / "docs"))
    assert [info.name for info in await documents.open(LOCAL)] == ["a.md"]
    [problem] = await documents.problems(LOCAL)
    assert (problem.name, problem.error.code) == ("broken.pdf", "document_broken")
    with pytest.raises(SourceError):
        await documents.open(LOCAL, ("broken.pdf",))


async def test_a_document_of_somebody_else_does_not_exist(documents, write):
    documents.add("a", str(write("a.txt")), owner="ana")
    assert await asked(documents, ANA) == ["a.txt"]
    assert await documents.list(BIA) == ()
    assert not documents.any(BIA)
    with pytest.raises(UsageError):
        await documents.open(BIA)


async def test_no_method_gives_away_a_document_of_somebody_else(documents, write):
    documents.add("a", str(write("a.txt")), owner="ana")
    [info] = await documents.open(ANA)
    others = {"share": (info.id, "sales"), "passage": (info.id, 0), "open": ((info.id,),), "find_all": ((info.id,),)}
    tried = []
    for name, method in inspect.getmembers(documents, inspect.iscoroutinefunction):
        names = [*inspect.signature(method).parameters]
        if name.startswith("_") or len(names) < 2 or names[0] != "principal" or name in ("answer", "list", "search"):
            continue
        with pytest.raises(AccessError) as caught:
            await method(BIA, *others.get(name, (info.id,)))
        assert caught.value.status == 404
        tried.append(name)
    assert tried == ["at", "find", "find_all", "open", "passage", "remove", "share"]
    assert (await documents.passage(ANA, info.id, 0)).text == "The late fee is 12 euros."
    assert (await documents.answer(BIA, "What is the late fee?", [info])).cited == ()
    assert await documents.search(BIA, "late fee", [info]) == ()
    assert [one.found.place for one in await documents.search(ANA, "late fee", [info])] == [0]


async def test_a_document_is_shared_with_a_group_of_its_owners(documents, write):
    owner = Principal("ana", frozenset({"sales"}))
    documents.add("a", str(write("a.txt")), owner="ana")
    [info] = await documents.open(owner)
    with pytest.raises(UsageError):
        await documents.share(ANA, info.id, "sales")
    await documents.share(owner, info.id, "sales")
    assert await asked(documents, BIA) == ["a.txt"]
    for refused in (documents.remove(BIA, info.id), documents.share(BIA, info.id, "")):
        with pytest.raises(AccessError) as caught:
            await refused
        assert caught.value.status == 403
    await documents.share(owner, info.id, "")
    assert not documents.any(BIA)


async def test_a_removed_document_is_gone(documents, write):
    documents.add("a", str(write("a.txt")), owner="ana")
    [info] = await documents.open(ANA)
    await documents.remove(ANA, info.id)
    assert not documents.any(ANA)
    with pytest.raises(AccessError):
        await documents.passage(ANA, info.id, 0)
    assert (await documents.answer(ANA, "What is the late fee?", [info])).cited == ()


async def test_what_everybody_has_can_not_be_removed_by_one(documents, write):
    documents.add("a", str(write("a.txt")))
    with pytest.raises(AccessError) as caught:
        await documents.remove(ANA, "a.txt")
    assert caught.value.status == 403


async def test_an_unknown_document_is_named_with_the_nearest(documents, write):
    documents.add("a", str(write("policy.txt")))
    with pytest.raises(AccessError) as caught:
        await documents.open(LOCAL, ("polcy.txt",))
    assert "policy.txt" in caught.value.hint()


async def test_a_reading_that_takes_too_long_is_stopped(workers, write, tmp_path):
    path = write("long.md", "# T\n\n" + "Some *more* words [here](there) again. " * 300_000)
    with Index(tmp_path / "i.db") as index:
        documents = Documents(workers, index, limits=Limits(), time_limit=0.01)
        documents.add("long", str(path))
        with pytest.raises(TimeLimit):
            await documents.open(LOCAL)
        documents.add("short", str(write("short.txt")))
        assert (await workers.read_document(str(path.parent / "short.txt"), Limits(), time_limit=60)).pieces


async def test_who_leaves_stops_the_reading(documents, workers, write):
    documents.add("long", str(write("long.md", "# T\n\n" + "Some *more* words [here](there) again. " * 300_000)))
    begun = asyncio.Event()
    task = asyncio.create_task(documents.open(LOCAL, (), lambda *_: begun.set()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    documents.add("short", str(write("short.txt")))
    assert [info.name for info in await documents.open(LOCAL, ("short.txt",))] == ["short.txt"]


async def test_of_two_who_remove_at_once_one_is_told_that_it_is_gone(documents, write):
    documents.add("a", str(write("a.txt")), "ana")
    await documents.open(ANA)
    removed = await asyncio.gather(
        documents.remove(ANA, "a"), documents.remove(ANA, "a"), documents.share(ANA, "a", ""), return_exceptions=True
    )
    told = [getattr(one, "code", "done") for one in removed]
    assert sorted(told[:2]) == ["done", "not_found"]  # whichever came first
    assert told[2] in ("done", "not_found")  # shared before it was removed, or not at all
    assert not documents.any(ANA)


def test_a_folder_that_may_not_be_read_holds_no_documents():
    if not hasattr(os, "seteuid"):
        pytest.skip("permissions work otherwise there")
    superuser = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.txt").write_text(POLICY)
        assert len(files(Place("closed", folder))) == 1
        os.chmod(folder, 0)
        try:
            if superuser:  # who may read everything
                os.seteuid(65534)
            assert files(Place("closed", folder)) == []
        finally:
            if superuser:
                os.seteuid(0)
            os.chmod(folder, 0o700)
