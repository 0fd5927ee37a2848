"""Documents of every kind, made by LibreOffice (the demo's) or here, byte by byte."""

import zipfile
from pathlib import Path

import pytest

from prosa.documents import DocumentInfo, Index, read
from prosa.identity import LOCAL

DEMO = Path(__file__).parents[2] / "src/prosa/demo/documents"


@pytest.fixture(scope="session")
def demo_documents():
    """The demo's six documents by their names."""
    return {path.name: path for path in DEMO.iterdir()}


@pytest.fixture
def index(tmp_path):
    with Index(tmp_path / "index.db") as index:
        yield index


@pytest.fixture
def put():
    """Puts a file into an index, under its own name."""

    def take_in(index, path, *, owner=None, principal=LOCAL, group=""):
        document = read(path)
        info = DocumentInfo(path.name, path.name, document.kind, document.language, owner=owner, group=group)
        index.put(principal, info, document.pieces)
        return index.get(principal, path.name)

    return take_in


@pytest.fixture
def write(tmp_path):
    """Writes a text or bytes under a name; its path."""

    def make(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


@pytest.fixture
def write_pdf(write):
    """A PDF of our own: one list of lines a page, each in Helvetica of the size that stands before it."""

    def make(name, pages, extra=b""):
        objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
        kids = []
        for lines in pages:
            drawn = b"".join(
                f"BT /F1 {size} Tf 72 {760 - 20 * row} Td ({text}) Tj ET\n".encode("cp1252")
                for row, (size, text) in enumerate(lines)
            )
            objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
            kids.append(len(objects) + 1)
            objects.append(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
                b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
            )
        listed = b" ".join(b"%d 0 R" % kid for kid in kids)
        objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), listed)
        return write(name, _file(objects, extra))

    return make


def _file(objects, extra):
    """The objects with their table of places; ISO 32000-1, 7.5."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    trailer = b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, extra, len(out))
    return out + head + trailer


@pytest.fixture
def write_docx(tmp_path, demo_documents):
    """A DOCX with this body (WordprocessingML), in the demo's package; `more` are further files in it."""

    def make(name, body, more=()):
        path = tmp_path / name
        with zipfile.ZipFile(demo_documents["employee-handbook.docx"]) as old, zipfile.ZipFile(path, "w", 8) as new:
            for entry in old.namelist():
                data = old.read(entry)
                if entry == "word/document.xml":
                    start, end = data.index(b"<w:body>"), data.index(b"</w:body>")
                    data = data[: start + 8] + body.encode() + data[end:]
                new.writestr(entry, data)
            for entry, data in more:
                new.writestr(entry, data)
        return path

    return make
