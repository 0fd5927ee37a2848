"""The index's tables. A passage's number is its document's number and its own place, so that one look at the number of
a match tells whose it is."""

from __future__ import annotations

VERSION = 2
"""Raise it when reading or stemming changes what an index would hold: an index of another version is made anew."""

PLACES = 20
"""Bits of a passage's number that are its place in its document."""

SCRIPT = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    owner TEXT,
    grp TEXT NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    identity TEXT NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    pages INTEGER,
    passages INTEGER NOT NULL,
    notices TEXT NOT NULL
);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY,
    page INTEGER,
    headings TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5(topics, stems, tokenize = 'ascii');
CREATE VIRTUAL TABLE frequencies USING fts5vocab(words, row);
"""
