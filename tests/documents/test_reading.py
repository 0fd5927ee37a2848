"""What readers find in real files, and what they say of files that are none."""

import io
import zipfile
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prosa import locales
from prosa.documents import Limits, look, read
from prosa.errors import SourceError

LOCKED = (
    b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A>"
    b" /U <0122456A91BAE5134273A6DB134C87C4B2B0B1C7B4B4B4B4B4B4B4B4B4B4B4B4> /P -44 >> /ID [<00> <00>]"
)


def refusal(path, **limits):
    with pytest.raises(SourceError) as caught:
        read(path, limits=Limits(**limits))
    for locale in locales.LOCALES:
        assert caught.value.sentence(locale)
        assert caught.value.hint(locale)
    return caught.value.code


def passage(document, words):
    return next(piece for piece in document.pieces if words in piece.text)


@pytest.mark.parametrize(
    ("name", "kind", "language", "pages", "words", "headings", "page"),
    [
        ("returns-policy.pdf", "pdf", "en", 2, "The shift lead decides", ("Returns Policy", "6. Who decides"), 2),
        ("contrato-de-fornecimento.pdf", "pdf", "pt", 2, "1.200 sacas de 60 kg",
         ("Contrato de Fornecimento de Café Verde", "Cláusula 1 – Objeto"), 1),
        ("employee-handbook.docx", "docx", "en", None, "Mothers have 180 days",
         ("Employee Handbook", "Vacation and leave", "Parental leave"), None),
        ("politica-de-trocas.docx", "docx", "pt", None, "em até 30 dias",
         ("Política de Trocas e Devoluções", "1. Prazo"), None),
        ("minutes-expansion.html", "html", "en", None, "410,000 euros",
         ("Minutes of the Expansion Committee", "1. New stores in Europe"), None),
        ("ata-da-diretoria.md", "md", "pt", None, "três votos a um",
         ("Ata da reunião da diretoria", "2. Decisões"), None),
    ],
)  # fmt: skip
def test_a_real_document_gives_passages_with_headings_and_page(
    demo_documents, name, kind, language, pages, words, headings, page
):
    document = read(demo_documents[name])
    assert (document.kind, document.language, document.pages, document.notices) == (kind, language, pages, ())
    found = passage(document, words)
    assert (found.headings, found.page) == (headings, page)


def test_a_docx_gives_tables_row_by_row(demo_documents):
    assert "Latte art | 6 hours | baristas after three months" in passage(
        read(demo_documents["employee-handbook.docx"]), "Latte art"
    ).text.split("\n")


def test_passages_stay_within_their_page_and_size(write_pdf):
    lines = [(11, "All of these words stand together in one sentence that is rather long.")] * 20
    document = read(write_pdf("long.pdf", [lines, lines]))
    assert {piece.page for piece in document.pieces} == {1, 2}
    assert all(len(piece.text) <= 1200 for piece in document.pieces)


def test_a_sentence_without_end_is_cut_and_nothing_is_lost(write):
    words = [f"word{number}" for number in range(2000)]
    document = read(write("endless.txt", "Once more: " + " ".join(words)))
    assert all(len(piece.text) <= 1200 for piece in document.pieces)
    assert " ".join(piece.text for piece in document.pieces).split()[2:] == words


def test_lines_of_a_paragraph_are_joined_and_parted_words_made_whole(write_pdf):
    lines = [
        (18, "Great Rules"),
        (11, "This is a long paragraph of ordinary words which goes on and on until the ad-"),
        (11, "ministration decides, which it does once in every year and in one place."),
        (11, "Then it ends."),
        (11, "A second one begins here."),
    ]
    [piece] = read(write_pdf("joined.pdf", [lines])).pieces
    assert piece.text.endswith("in one place. Then it ends.\nA second one begins here.")
    assert piece.headings == ("Great Rules",)
    assert "until the administration decides, which" in piece.text


def test_headers_and_footers_of_a_pdf_are_left_out(write_pdf):
    pages = [
        [
            (9, "Torra internal"),
            (11, f"Rule {word} is a rule about many things."),
            (11, "More follows."),
            (9, f"Page {n}"),
        ]
        for n, word in enumerate(["one", "two", "three", "four"], 1)
    ]
    text = "\n".join(piece.text for piece in read(write_pdf("edges.pdf", pages)).pieces)
    assert "Rule three is a rule" in text
    assert "internal" not in text
    assert "Page" not in text


def test_pages_without_text_are_counted_in_a_notice(write_pdf):
    document = read(write_pdf("mixed.pdf", [[(11, "Only this page has words.")], [], []]))
    assert document.notices == (("pages_silent", {"count": 2, "pages": 3}),)
    assert locales.text("notices.pages_silent", "pt-BR", count=2, pages=3).startswith("2 de 3 páginas")


def test_a_scan_says_that_it_has_no_text(write_pdf):
    assert refusal(write_pdf("scan.pdf", [[], []])) == "document_silent"


@pytest.mark.parametrize("name", ["x.pdf", "x.docx", "x.html", "x.md", "x.txt"])
def test_an_empty_file_says_so(write, name):
    assert refusal(write(name, b"")) == "document_empty"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("cut.pdf", b"%PDF-1.7\n1 0 obj\n<<", "document_broken"),
        ("noise.pdf", bytes(range(256)) * 20, "document_broken"),
        ("cut.docx", b"PK\x03\x04 and no more", "document_broken"),
        ("noise.txt", bytes(range(256)) * 20, "document_broken"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "document_foreign"),
        ("letter.rtf", b"{\\rtf1 Hello}", "document_foreign"),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
         "document_locked"),
        ("rows.csv", b"a,b\n1,2\n", "document_none"),
        ("blank.html", b"<html><body><script>x()</script></body></html>", "document_empty"),
        ("blank.md", b"\n\n  \n", "document_empty"),
    ],
)  # fmt: skip
def test_a_file_that_can_not_be_read_says_why(write, name, content, code):
    assert refusal(write(name, content)) == code


def test_an_encrypted_pdf_says_that_it_is_locked(write_pdf):
    assert refusal(write_pdf("locked.pdf", [[(11, "Secret words.")]], LOCKED)) == "document_locked"


def test_a_pdf_of_too_many_pages_is_refused_and_one_of_as_many_as_allowed_is_read(write_pdf):
    path = write_pdf("pages.pdf", [[(11, f"This is page number {number} of the book.")] for number in range(1, 2001)])
    assert refusal(path, pages=1999) == "document_too_long"
    seen = []
    document = read(path, progress=lambda done, total: seen.append((done, total)))
    assert document.pages == 2000
    assert document.pieces[-1].page == 2000
    assert seen[0] == (0, 2000)
    assert all(before < after for before, after in pairwise(seen))


def test_a_file_that_is_too_large_is_refused(write):
    path = write("large.txt", "This is a sentence. " * 200_000)
    assert refusal(path, size=1 << 20) == "document_too_large"
    assert read(path).pieces


def test_a_zip_bomb_is_not_unpacked(write_docx):
    body = "<w:p><w:r><w:t>Harmless words.</w:t></w:r></w:p>"
    assert read(write_docx("fine.docx", body)).pieces[0].text == "Harmless words."
    bomb = write_docx("bomb.docx", body, [("word/media/big.bin", bytes(40 << 20))])
    assert bomb.stat().st_size < 1 << 20
    assert refusal(bomb) == "document_expands"
    assert refusal(write_docx("big.docx", body, [("word/x.bin", bytes(3000))]), expanded=2000) == "document_expands"


def test_a_bomb_that_lies_about_its_size_takes_no_more_than_it_says(write_docx):
    """The sizes in the directory bound what the reader takes out."""
    path = write_docx("liar.docx", "<w:p><w:r><w:t>" + "A" * (4 << 20) + "</w:t></w:r></w:p>")
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("word/document.xml")
    data = path.read_bytes()
    path.write_bytes(data.replace(info.file_size.to_bytes(4, "little"), (2000).to_bytes(4, "little")))
    assert refusal(path) == "document_broken"


def test_entities_of_a_docx_are_not_expanded(write_docx):
    path = write_docx("x.docx", "<w:p><w:r><w:t>before &lol; after</w:t></w:r></w:p>")
    data = {}
    with zipfile.ZipFile(path) as archive:
        data = {name: archive.read(name) for name in archive.namelist()}
    declared = b'<!DOCTYPE x [<!ENTITY lol SYSTEM "file:///etc/passwd">]>'
    head, rest = data["word/document.xml"].split(b"?>", 1)
    data["word/document.xml"] = head + b"?>" + declared + rest
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in data.items():
            archive.writestr(name, content)
    text = " ".join(piece.text for piece in read(path).pieces)
    assert "before" in text
    assert "root:" not in text


def test_names_inside_a_docx_write_nothing_outside(write_docx, tmp_path):
    path = write_docx("up.docx", "<w:p><w:r><w:t>Words.</w:t></w:r></w:p>", [("../../escaped.txt", b"x")])
    before = {one.name for one in tmp_path.parent.iterdir()} | {one.name for one in tmp_path.iterdir()}
    assert read(path).pieces[0].text == "Words."
    assert {one.name for one in tmp_path.parent.iterdir()} | {one.name for one in tmp_path.iterdir()} == before


def test_tracked_changes_are_read_as_they_would_be_accepted(write_docx):
    body = (
        "<w:p><w:r><w:t>The fee is </w:t></w:r><w:del><w:r><w:delText>10</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>12</w:t></w:r></w:ins><w:r><w:t> euros.</w:t></w:r></w:p>"
    )
    assert read(write_docx("tracked.docx", body)).pieces[0].text == "The fee is 12 euros."


def test_pages_that_word_has_marked_are_kept(write_docx):
    def paragraph(text, mark=""):
        return f"<w:p><w:r>{mark}<w:t>{text}</w:t></w:r></w:p>"

    body = paragraph("First page.") + paragraph("Second page.", "<w:lastRenderedPageBreak/>")
    document = read(write_docx("pages.docx", body))
    assert [(piece.page, piece.text) for piece in document.pieces] == [(1, "First page."), (2, "Second page.")]
    assert document.pages == 2


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "[Content_Types].xml", "_rels/.rels"])
def test_a_docx_with_a_part_of_another_kind_is_damaged(write, demo_documents, part):
    packed = io.BytesIO()
    with zipfile.ZipFile(demo_documents["employee-handbook.docx"]) as before, zipfile.ZipFile(packed, "w") as after:
        for name in before.namelist():
            after.writestr(name, b"<other/>" if name == part else before.read(name))
    assert refusal(write("a.docx", packed.getvalue())) == "document_broken"


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flips=st.dictionaries(st.floats(0, 1, exclude_max=True), st.integers(0, 255), min_size=1, max_size=20))
def test_a_docx_with_flipped_bytes_is_read_or_refused(write, demo_documents, flips):
    data = bytearray(demo_documents["employee-handbook.docx"].read_bytes())
    for place, byte in flips.items():
        data[int(place * len(data))] = byte
    with suppress(SourceError):
        read(write("a.docx", bytes(data)))


def test_html_is_read_as_it_is_seen(write):
    page = """<!doctype html><title>T</title><body><nav>Menu</nav><h1>Rules <em>now</em></h1>
      <script>document.write("evil")</script><style>p { color: red }</style><p hidden>unseen</p>
      <p style="display: none">unseen</p><p>One<br>two <b>three</b>four.</p><!-- unseen -->
      <table><tr><th>Fee</th><th>Due</th></tr><tr><td>10</td><td>May</td></tr></table>
      <img src="http://example.test/x.png" alt="unseen" onerror="evil()"></body>"""
    document = read(write("page.html", page))
    text = "\n".join(piece.text for piece in document.pieces)
    assert document.title == "T"
    assert "One\ntwo threefour.\nFee | Due\n10 | May" in text
    assert document.pieces[-1].headings == ("Rules now",)
    for word in ("evil", "unseen", "color", "example.test"):
        assert word not in text


def test_a_deep_page_is_read_without_harm(write):
    assert "inside" in read(write("deep.html", "<html>" + "<div>" * 200 + "inside, at last.")).pieces[0].text
    assert refusal(write("deeper.html", "<html>" + "<div>" * 50_000 + "inside, at last.")) == "document_empty"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_texts_of_any_usual_encoding_are_read(write, encoding):
    text = "Devoluções são aceitas até o décimo dia, com cupom."
    document = read(write("nota.txt", f"{text}\n\n{text}".encode(encoding)))
    assert document.pieces[0].text.split("\n")[0] == text
    assert document.language == "pt"


def test_a_page_that_names_its_encoding_is_read_in_it(write):
    page = '<html><head><meta charset="windows-1251"></head><body><p>Привет, это страница.</p></body></html>'
    assert "Привет" in read(write("ru.html", page.encode("cp1251"))).pieces[0].text


@pytest.mark.parametrize("encoding", ["undefined", "idna", "punycode", "nobody-knows"])
def test_a_page_that_names_an_encoding_of_no_use_is_read_all_the_same(write, encoding):
    page = f'<html><meta charset="{encoding}"><p>O caf\xe9 custa 5 euros.'.encode("cp1252")
    assert read(write("a.html", page)).pieces[0].text == "O café custa 5 euros."


def test_headings_of_plain_text_are_found(write):
    text = "Fees\n\nThe fee is 10.\n\nDEADLINES\n=========\n\nPay until May,\nor later if you\nmust pay.\n"
    assert [(piece.headings, piece.text) for piece in read(write("x.txt", text)).pieces] == [
        (("Fees",), "The fee is 10."),
        (("DEADLINES",), "Pay until May,\nor later if you\nmust pay."),
    ]


def test_a_form_feed_ends_a_page(write):
    document = read(write("x.txt", "On the first page.\f\fOn the third page."))
    assert [(piece.page, piece.text) for piece in document.pieces] == [
        (1, "On the first page."),
        (3, "On the third page."),
    ]


def test_markdown_is_read_without_its_marks(write):
    source = "---\ntitle: x\n---\n# A *title*\n\nSee [the rules](http://e.test) and `code`.\n\n"
    source += "- one\n- two **bold**\n\n<script>evil()</script>\n"
    [piece] = read(write("x.md", source)).pieces
    assert piece.headings == ("A title",)
    assert piece.text == "See the rules and code.\none\ntwo bold"


@pytest.mark.parametrize(
    ("name", "made_as", "kind"),
    [("policy.txt", "returns-policy.pdf", "pdf"), ("policy.pdf", "employee-handbook.docx", "docx"),
     ("notes.pdf", "ata-da-diretoria.md", "txt"), ("page.md", "minutes-expansion.html", "html"),
     ("no ending", "returns-policy.pdf", "pdf")],
)  # fmt: skip
def test_the_content_decides_what_a_document_is(write, demo_documents, name, made_as, kind):
    document = read(write(name, demo_documents[made_as].read_bytes()))
    assert document.kind == kind
    wrong = [("wrong_ending", {"file": name, "kind": kind})] if "." in name else []
    assert [*document.notices] == wrong


@pytest.mark.parametrize(
    ("name", "content"),
    [("rows.csv", "a,b\n1,2\n"), ("rows.txt", "a;b\n1;2\n3;4\n"), ("rows.txt", "name\tfee\nAna\t2\n"),
     ("rows.json", '[{"a": 1}]'), ("numbers.txt", "1\n2\n3\n"), ("rows.pdf", "a,b\n1,2\n3,4\n")],
)  # fmt: skip
def test_data_are_no_documents(write, name, content):
    assert look(write(name, content)) is None


@pytest.mark.parametrize(
    "text",
    ["Dear Ana, thank you for your letter, which came today.\nWe will answer, as always, within a week.\n",
     "One line only, and it ends as sentences do.", "Title\n\nA paragraph; with marks; and more, of course.\n"],
)  # fmt: skip
def test_prose_is_a_document_whatever_its_commas(write, text):
    assert look(write("letter.txt", text)).kind == "txt"
