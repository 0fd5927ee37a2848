"""Which places hold data and which hold documents."""

import pytest

from prosa.app.roles import data_and_documents, is_document

PROSE = "# Fees\n\nThe late fee is 12 euros.\n"


@pytest.fixture
def folder(tmp_path):
    def make(**files):
        place = tmp_path / "place"
        place.mkdir()
        for name, content in files.items():
            (place / name.replace("_", ".")).write_text(content)
        return place

    return make


def roles(place):
    data, documents = data_and_documents([("x", str(place))])
    return bool(data), bool(documents)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a_csv": "a,b\n1,2\n"}, (True, False)),
        ({"a_md": PROSE}, (False, True)),
        ({"a_md": PROSE, "b_csv": "a,b\n1,2\n"}, (True, True)),
        ({"a_txt": PROSE}, (False, True)),
        ({"a_txt": "a;b\n1;2\n"}, (True, False)),
        ({"a_txt": PROSE, "picture_png": "x"}, (False, True)),
        ({}, (True, False)),
    ],
)
def test_a_folder_holds_data_documents_or_both(folder, files, expected):
    assert roles(folder(**files)) == expected


def test_a_pattern_is_looked_into_as_well(folder):
    place = folder(a_md=PROSE, b_csv="a,b\n1,2\n")
    assert roles(place / "*.md") == (False, True)
    assert roles(place / "*.csv") == (True, False)
    assert roles(place / "*") == (True, True)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [("x.csv", b"%PDF-1.7 \n", True), ("x.pdf", b"a,b\n1,2\n", False), ("x.txt", PROSE.encode(), True),
     ("x.pdf", b"", True), ("x.csv", b"", False), ("x.docx", b"PK\x03\x04", True), ("x.html", b"<html>", True),
     ("x.json", b"[]", False)],
)  # fmt: skip
def test_a_file_is_one_or_the_other_by_its_content(tmp_path, name, content, expected):
    (tmp_path / name).write_bytes(content)
    assert is_document(tmp_path / name) is expected
    assert roles(tmp_path / name) == (not expected, expected)


def test_what_is_not_there_and_what_is_behind_an_address_is_data(tmp_path):
    assert roles(tmp_path / "missing.csv") == (True, False)
    assert data_and_documents([("x", "sqlite:///x.db")]) == ((("x", "sqlite:///x.db"),), ())


async def test_a_mixed_folder_is_asked_for_both_and_says_nothing_of_files_left_out(folder, tmp_path):
    import prosa

    place = folder(notes_txt=PROSE, returns_csv="return_id,reason\n1,late\n2,late\n")
    async with prosa.open(str(place), cache_dir=str(tmp_path / "cache")) as desk:
        [info] = await desk.databases.list(prosa.identity.LOCAL)
        assert info.notices == ()
        answers = [
            prosa.Answer.fold([entry async for entry in desk.ask(question)])
            for question in ("What is the late fee?", "How many returns are there?")
        ]
    assert "12 euros" in answers[0].text
    assert answers[1].table.rows == ((2,),)
