"""Fits the threshold of `prosa.documents.answering` on the questions of tests/documents/questions.toml.

    uv run python scripts/document_threshold.py [--all]

Prints, for the best threshold, how many of the answerable questions are answered with the right sentence and how many
of the unanswerable ones are declined; then the same where each question is judged by the threshold that the others
would give, which tells how far the figure can be trusted. `--all` lists every question with its score.
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from prosa.documents.answering import THRESHOLD, Reply, answer
from prosa.documents.index import DocumentInfo, Index
from prosa.documents.reading import read
from prosa.identity import LOCAL

ROOT = Path(__file__).parents[1]
DOCUMENTS = ROOT / "src/prosa/demo/documents"
QUESTIONS = ROOT / "tests/documents/questions.toml"


class Judged(NamedTuple):
    """A question, its best score, whether it has an answer, and whether the marked sentence is the right one."""

    question: str
    score: float
    answerable: bool
    right: bool
    sentence: str


def judged(index: Index) -> list[Judged]:
    """Every question with what the documents say to it."""
    table = tomllib.loads(QUESTIONS.read_text("utf-8"))
    documents = index.list(LOCAL)
    found = []
    for language in ("en", "pt"):
        for question, words, name in table[f"answerable_{language}"]:
            reply = answer(index, LOCAL, question, documents)
            found.append(Judged(question, reply.score, True, is_right(reply, words, name), said(reply)))
        for question in table[f"unanswerable_{language}"]:
            reply = answer(index, LOCAL, question, documents)
            found.append(Judged(question, reply.score, False, False, said(reply)))
    return found


def is_right(reply: Reply, words: str, name: str) -> bool:
    """Whether the marked sentence of the best passage holds the words, in the right document."""
    return bool(reply.cited) and words in said(reply) and reply.cited[0].document.name.startswith(name)


def said(reply: Reply) -> str:
    return reply.cited[0].sentence if reply.cited else ""


def good(one: Judged, threshold: float) -> bool:
    """Answered rightly, or rightly declined."""
    return one.right and one.score >= threshold if one.answerable else one.score < threshold


def fitted(questions: Sequence[Judged]) -> float:
    """The threshold that most questions are judged well by: the middle of the best stretch."""
    scores = sorted({0.0, *(one.score for one in questions), 1.0})
    middles = [(low + high) / 2 for low, high in pairwise(scores)]
    counts = [sum(good(one, middle) for one in questions) for middle in middles]
    best = [middle for middle, count in zip(middles, counts, strict=True) if count == max(counts)]
    return round(best[len(best) // 2], 3)


def indexed(folder: Path) -> Index:
    """The demo's documents in a new index."""
    index = Index(folder / "index.db")
    for path in sorted(DOCUMENTS.iterdir()):
        document = read(path)
        index.put(LOCAL, DocumentInfo(path.name, path.name, document.kind, document.language), document.pieces)
    return index


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, indexed(Path(folder)) as index:
        questions = judged(index)
    threshold = fitted(questions)
    others = [good(one, fitted([other for other in questions if other is not one])) for one in questions]
    if "--all" in sys.argv:
        for one in sorted(questions, key=lambda one: -one.score):
            mark = "+" if good(one, threshold) else "-"
            print(f"{mark} {one.score:.3f} {'A' if one.answerable else 'u'} {one.question} => {one.sentence[:90]!r}")
    answered = sum(good(one, threshold) for one in questions if one.answerable)
    declined = sum(good(one, threshold) for one in questions if not one.answerable)
    half = len(questions) // 2
    print(f"threshold {threshold} (in the code: {THRESHOLD}): answered {answered}/{half}, declined {declined}/{half}")
    print(f"each by the others' threshold: {sum(others)}/{len(questions)}")


if __name__ == "__main__":
    main()
