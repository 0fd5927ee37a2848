"""The index: passages of documents in one SQLite file, found by BM25 of FTS5 over their stems. Every call names who
asks; what belongs to somebody else does not exist.

FTS5: https://www.sqlite.org/fts5.html
"""

from __future__ import annotations

import builtins
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Self

import msgspec

from prosa.documents import schema
from prosa.documents.values import Kind, Language, Piece
from prosa.errors import AccessError, StorageError
from prosa.identity import Principal

MOST_MATCHES = 6_000
"""So many passages are weighed for one question: the rarest words choose them, common ones only add to their weight."""

_ENOUGH = 5
_BUSY_SECONDS = 20.0
_COLUMNS: dict[str, Any] = dict.fromkeys(
    ("id", "name", "kind", "language", "passages", "pages", "owner")
) | dict.fromkeys(("title", "grp", "path", "identity", "notices"), "")
"""The table's columns with what stands in them where a document has nothing."""

_TOPICS = 2.0
"""How much more a word counts in a heading."""


class DocumentInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document of the index. `owner` is None where everybody may read it, `group` whom else its owner lets read it,
    `path` where the file lies; `identity` tells whether the file has
    changed; `notices` are (code, values) pairs for people."""

    id: str
    name: str
    kind: Kind
    language: Language
    passages: int = 0
    pages: int | None = None
    title: str = ""
    owner: str | None = None
    group: str = ""
    path: str = ""
    identity: str = ""
    notices: tuple[tuple[str, dict[str, Any]], ...] = ()

    def readable(self, principal: Principal) -> bool:
        """Whether somebody may read it."""
        return principal.may_read(self.owner) or (self.group != "" and principal.may_read(f"group:{self.group}"))


class Found(msgspec.Struct, frozen=True):
    """A passage; `stems` are those of each sentence, `place` counts from 0 in its document, `rank` is BM25 as FTS5
    gives it (lower is better)."""

    document: str
    place: int
    page: int | None
    headings: tuple[str, ...]
    text: str
    stems: tuple[frozenset[str], ...] = ()
    topics: frozenset[str] = frozenset()
    rank: float = 0.0


class Index:
    """An index in a file; safe from many threads. StorageError where the file can't be used."""

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._path = path
        with _storing(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = _opened(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            self._db.close()

    def put(self, principal: Principal, info: DocumentInfo, pieces: Sequence[Piece]) -> None:
        """Takes a document in, in place of what stood under its id. AccessError where that is somebody else's."""
        with self._writing() as db:
            self._forget(principal, info.id)
            fields = msgspec.to_builtins(info) | {
                "grp": info.group,
                "passages": len(pieces),
                "notices": _json(info.notices),
            }
            values = [fields.get(name, default) for name, default in _COLUMNS.items()]
            number = db.execute(
                f"INSERT INTO documents ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(values))})",
                values,
            ).lastrowid
            assert number is not None
            placed = list(enumerate(pieces, number << schema.PLACES))
            db.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?)",
                ((n, piece.page, "\n".join(piece.headings), piece.text) for n, piece in placed),
            )
            db.executemany(
                "INSERT INTO words (rowid, topics, stems) VALUES (?, ?, ?)",
                ((n, piece.topics, piece.stems) for n, piece in placed),
            )

    def share(self, principal: Principal, id: str, group: str) -> None:
        """Lets a group read a document of the principal's own, or nobody else where it is empty. AccessError."""
        self._own(principal, self.get(principal, id))
        with self._writing() as db:
            db.execute("UPDATE documents SET grp = ? WHERE id = ?", (group, id))

    def remove(self, principal: Principal, id: str) -> None:
        """Forgets a document that is the principal's own or nobody's. AccessError."""
        self._own(principal, self.get(principal, id))
        with self._writing():
            self._forget(principal, id)

    def sweep(self) -> None:
        """Forgets documents whose files are gone."""
        gone = [number for number, path in self._rows("SELECT number, path FROM documents", ()) if not _is_there(path)]
        if not gone:
            return
        with self._writing():
            for number in gone:
                self._delete(number)

    def get(self, principal: Principal, id: str) -> DocumentInfo:
        """A document by its id. AccessError."""
        found = self.list(principal, (id,))
        if not found:
            raise AccessError("not_found")
        return found[0]

    def list(self, principal: Principal, ids: Sequence[str] | None = None) -> tuple[DocumentInfo, ...]:
        """The documents that the person may read, of these ids where some are given."""
        where, values = ("", ()) if ids is None else (f" WHERE id IN ({', '.join('?' * len(ids))})", tuple(ids))
        rows = self._rows(f"SELECT {', '.join(_COLUMNS)} FROM documents{where} ORDER BY number", values)
        return tuple(info for info in map(_info, rows) if info.readable(principal))

    def passage(self, principal: Principal, id: str, place: int) -> Found:
        """A passage by its place. AccessError."""
        self.get(principal, id)
        rows = self._rows(
            "SELECT p.number, p.page, p.headings, p.text FROM passages p JOIN documents d"
            f" ON p.number = (d.number << {schema.PLACES}) + ? WHERE d.id = ?",
            (place, id),
        )
        if not rows or place < 0:
            raise AccessError("not_found")
        _, page, headings, text = rows[0]
        return Found(id, place, page, _parts(headings), text)

    def size(self) -> int:
        """How many passages there are in all."""
        return int(self._rows("SELECT coalesce(sum(passages), 0) FROM documents", ())[0][0])

    def frequency(self, stems: Iterable[str]) -> int:
        """In how many passages one of these stems stands, counted generously."""
        return sum(
            int(row[0]) for stem in stems for row in self._rows("SELECT doc FROM frequencies WHERE term = ?", (stem,))
        )

    def search(
        self, principal: Principal, groups: Sequence[frozenset[str]], *, among: Sequence[str], limit: int = 50
    ) -> builtins.list[Found]:
        """The best passages of these documents for groups of stems; the stems of a group stand for each other."""
        infos = {info.id: info for info in self.list(principal, among)}
        if not infos:
            return []
        numbers = dict(
            self._rows(f"SELECT number, id FROM documents WHERE id IN ({', '.join('?' * len(infos))})", tuple(infos))
        )
        ranks: dict[int, float] = {}
        for match in self._matches(groups):
            ranks = self._ranked(match, tuple(numbers), limit)
            if len(ranks) >= _ENOUGH:
                break
        return self._passages(ranks, numbers)

    def _matches(self, groups: Sequence[frozenset[str]]) -> Iterator[str]:
        """The words that choose passages: as many as don't choose too many, from the rarest on. Where the rarest alone
        does, all of them together and, where that finds too little, the rarest."""
        counted = sorted((self.frequency(group), sorted(group)) for group in groups)
        known = [(count, '("' + '" OR "'.join(group) + '")') for count, group in counted if count]
        chosen, left = [], MOST_MATCHES
        for count, words in known:
            if count <= left:
                chosen.append(words)
                left -= count
        if chosen:
            yield " OR ".join(chosen)
        elif known:
            yield " AND ".join(words for _, words in known)
            yield known[0][1]

    def _ranked(self, match: str, numbers: Sequence[int], limit: int) -> dict[int, float]:
        """The numbers of the best passages with their ranks."""
        return dict(
            self._rows(
                "SELECT number, rank FROM (SELECT words.rowid AS number, bm25(words, ?, 1.0) AS rank FROM words"
                f" WHERE words MATCH ? AND (words.rowid >> {schema.PLACES}) IN ({', '.join('?' * len(numbers))})"
                " LIMIT ?) ORDER BY rank, number LIMIT ?",
                (_TOPICS, match, *numbers, MOST_MATCHES, limit),
            )
        )

    def _passages(self, ranks: dict[int, float], numbers: dict[int, str]) -> builtins.list[Found]:
        rows = self._rows(
            "SELECT p.number, page, headings, text, topics, stems FROM passages p JOIN words w ON w.rowid = p.number"
            f" WHERE p.number IN ({', '.join('?' * len(ranks))})",
            tuple(ranks),
        )
        found = []
        for number, page, headings, text, topics, stems in rows:
            document, place = numbers[number >> schema.PLACES], number & ((1 << schema.PLACES) - 1)
            words = tuple(frozenset(line.split()) for line in stems.split("\n")), frozenset(topics.split())
            found.append(Found(document, place, page, _parts(headings), text, *words, ranks[number]))
        return sorted(found, key=lambda one: (one.rank, one.document, one.place))

    def _own(self, principal: Principal, info: DocumentInfo) -> None:
        if info.owner not in (None, principal.user):
            raise AccessError("not_allowed")

    def _forget(self, principal: Principal, id: str) -> None:
        row = self._db.execute(f"SELECT number, {', '.join(_COLUMNS)} FROM documents WHERE id = ?", (id,)).fetchone()
        if row is None:
            return
        number, *rest = row
        if not _info(rest).readable(principal):
            raise AccessError("not_found")
        self._delete(number)

    def _delete(self, number: int) -> None:
        span = (number << schema.PLACES, (number + 1) << schema.PLACES)
        self._db.execute("DELETE FROM words WHERE rowid >= ? AND rowid < ?", span)
        self._db.execute("DELETE FROM passages WHERE number >= ? AND number < ?", span)
        self._db.execute("DELETE FROM documents WHERE number = ?", (number,))

    def _rows(self, statement: str, values: Sequence[Any]) -> builtins.list[Any]:
        with self._lock, _storing(self._path):
            return self._db.execute(statement, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: a document is there whole or not at all."""
        with self._lock, _storing(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:  # whatever it was, the next call must find no open transaction
                self._db.execute("ROLLBACK")
                raise


def _opened(path: Path) -> sqlite3.Connection:
    """The file with the present tables; what another version or a crash has left is thrown away, since every index can
    be made again from the documents."""
    try:
        return _current(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "malformed" not in str(error):
            raise
        for end in ("", "-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        return _current(path)


def _current(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    # In WAL mode a power cut may take the last document with it, which is read again, but never breaks the file.
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("BEGIN IMMEDIATE")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        for statement in filter(str.strip, schema.SCRIPT.split(";")):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {schema.VERSION}")
    db.execute("COMMIT")
    if version not in (0, schema.VERSION):
        db.close()
        raise sqlite3.DatabaseError("another version")
    return db


def _info(row: Sequence[Any]) -> DocumentInfo:
    fields = dict(zip(_COLUMNS, row, strict=True))
    fields["group"] = fields.pop("grp")
    fields["notices"] = msgspec.json.decode(fields["notices"])
    return msgspec.convert(fields, DocumentInfo)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _is_there(path: str) -> bool:
    return not path or Path(path).exists()


def _parts(headings: str) -> tuple[str, ...]:
    return tuple(filter(None, headings.split("\n")))


@contextmanager
def _storing(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        raise StorageError("storage_index", where=str(path)) from error
