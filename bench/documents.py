"""Documents: how many pages a minute are read, and how long a search takes over 100,000 passages.

    uv run python bench/documents.py [--pages 2000] [--passages 100000]

Pages are read and indexed by a worker process, as `prosa ask` does it; beside them stands PDFium alone, which gives no
passages and no index: the ceiling. A search is one question through everything but the pipeline.
"""

import argparse
import asyncio
import itertools
import random
import statistics
import string
import tempfile
import time
from pathlib import Path

import pypdfium2

from prosa.documents import DocumentInfo, Index, Limits, answer
from prosa.documents.values import Piece
from prosa.documents.words import stems
from prosa.identity import LOCAL
from prosa.workers.documents import Documents
from prosa.workers.pool import Workers

LINES = 45
WORDS = 12


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=2000)
    options.add_argument("--passages", type=int, default=100_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(reading(Path(folder), chosen.pages))
        searching(Path(folder), chosen.passages)


async def reading(folder, pages):
    words = vocabulary()
    path = folder / "book.pdf"
    path.write_bytes(pdf([page(words) for _ in range(pages)]))
    begun = time.perf_counter()
    document = pypdfium2.PdfDocument(path)
    for number in range(pages):
        document[number].get_textpage().get_text_range()
    ceiling = time.perf_counter() - begun
    async with Workers(cache_dir=folder / "cache") as workers:
        await workers.read_document(
            str(small(folder)), Limits(), time_limit=60
        )  # the process and its readers are there
        with Index(folder / "book.db") as index:
            documents = Documents(workers, index, limits=Limits(), time_limit=600)
            documents.add("book", str(path))
            begun = time.perf_counter()
            [info] = await documents.open(LOCAL)
            took = time.perf_counter() - begun
    minute = pages / took * 60
    print(
        f"read and indexed: {pages} pages ({info.passages} passages) in {took:.1f} s = {minute:,.0f} a minute"
        f"; PDFium alone {ceiling:.1f} s ({took / ceiling:.1f} x)"
    )


def searching(folder, passages):
    words = vocabulary()
    with Index(folder / "large.db") as index:
        for number in range(0, passages, 2000):
            texts = [sentence(words, 60) for _ in range(min(2000, passages - number))]
            pieces = [Piece(text, " ".join(stems(text, "en"))) for text in texts]
            index.put(LOCAL, DocumentInfo(f"d{number}", f"d{number}.txt", "txt", "en"), pieces)
        documents = index.list(LOCAL)
        times = []
        for number in range(200):
            question = "What is " + " ".join(words.pick(4)) + f" {number}?"
            begun = time.perf_counter()
            answer(index, LOCAL, question, documents)
            times.append((time.perf_counter() - begun) * 1000)
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"search over {passages:,} passages: median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms")


class vocabulary:  # noqa: N801 reads as a value
    """Words as often as those of a language, by Zipf's law; the same in each run."""

    def __init__(self):
        self.rng = random.Random(1)
        self.words = [
            "".join(self.rng.choices(string.ascii_lowercase, k=self.rng.randint(4, 10))) for _ in range(30_000)
        ]
        self.weights = list(itertools.accumulate(1 / (place + 10) for place in range(30_000)))

    def pick(self, count):
        return self.rng.choices(self.words, cum_weights=self.weights, k=count)


def sentence(words, count):
    return " ".join(words.pick(count)).capitalize() + "."


def page(words):
    return [sentence(words, WORDS) for _ in range(LINES)]


def small(folder):
    path = folder / "small.pdf"
    path.write_bytes(pdf([["A sentence."]]))
    return path


def pdf(pages):
    """A PDF of lines in Helvetica. ISO 32000-1, 7.5."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        drawn = b"".join(
            f"BT /F1 9 Tf 50 {800 - 16 * row} Td ({text}) Tj ET\n".encode() for row, text in enumerate(lines)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return bytes(out) + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + tail


if __name__ == "__main__":
    main()
