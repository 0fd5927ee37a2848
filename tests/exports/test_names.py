"""File names that are safe everywhere, and the header that carries them."""

import re
from datetime import datetime
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prosa.exports.names import ascii_name, attachment, file_name, slugged

AT = datetime(2024, 3, 5, 7, 8, 9)
ANY = st.text(st.characters(), max_size=300)


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("query_results", "query_results_20240305_070809.csv"),
        ("Vendas por região!", "Vendas_por_região_20240305_070809.csv"),
        ("../../etc/passwd", "etc_passwd_20240305_070809.csv"),
        ("", "export_20240305_070809.csv"),
        ("con", "con__20240305_070809.csv"),
        ("a\u202egpj.exe", "a_gpj_exe_20240305_070809.csv"),
        ("日本の売上", "日本の売上_20240305_070809.csv"),
        ("a/b\\c", "a_b_c_20240305_070809.csv"),
        ("...v1.2..", "v1_2_20240305_070809.csv"),
        ("two\r\nlines\t\0", "two_lines_20240305_070809.csv"),
        ('say "hi"; it\'s', "say_hi_it_s_20240305_070809.csv"),
        ("📈 sales 🎉", "sales_20240305_070809.csv"),
        ("\ud800x", "x_20240305_070809.csv"),
    ],
)
def test_a_name_has_a_slug_and_a_time(slug, name):
    assert file_name(slug, "csv", AT) == name


def test_a_long_name_is_cut():
    name = file_name("ã" * 300, "csv", AT)
    assert len(name.encode("utf-8")) <= 255
    assert name.endswith("_20240305_070809.csv")


def test_a_name_that_is_taken_gets_a_number():
    taken = {"a_20240305_070809.csv"}
    assert file_name("a", "csv", AT, taken=taken) == "a_20240305_070809_2.csv"
    taken.add("a_20240305_070809_2.csv")
    assert file_name("a", "csv", AT, taken=taken) == "a_20240305_070809_3.csv"


def test_the_header_has_a_plain_name_and_the_real_one():
    assert attachment(file_name("região", "csv", AT)) == (
        "attachment; filename=\"regiao_20240305_070809.csv\"; filename*=UTF-8''regi%C3%A3o_20240305_070809.csv"
    )
    assert attachment(file_name("plain", "csv", AT)) == 'attachment; filename="plain_20240305_070809.csv"'


@given(ANY, ANY)
def test_no_text_makes_an_unsafe_name(slug, extension):
    name = file_name(slug, extension, AT)
    assert re.fullmatch(r"[\w-]+_20240305_070809\.[\w-]+", name.translate(_MARKS))
    assert len(name.encode()) <= 255 + len(extension.encode("utf-8", "replace"))
    assert not name.startswith((".", "-"))


@given(ANY)
def test_every_header_is_plain_and_brings_the_name_back(slug):
    name = file_name(slug, "csv", AT)
    header = attachment(name)
    assert re.fullmatch(r"attachment; filename=\"[A-Za-z0-9._-]+\"(; filename\*=UTF-8''[A-Za-z0-9%._~-]+)?", header)
    assert unquote(header.rpartition("''")[2]) == name or f'"{name}"' in header


@given(ANY)
def test_a_slug_is_its_own_slug(text):
    assert slugged(slugged(text)) in (slugged(text), f"{slugged(text)}_")


@given(ANY)
def test_an_ascii_name_is_never_empty_or_hidden(text):
    assert re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", ascii_name(text))


class _Marks(dict):
    """Combining marks, which `\\w` does not know but scripts need, as letters."""

    def __missing__(self, code):
        import unicodedata

        return "m" if unicodedata.category(chr(code)) in ("Mn", "Mc", "Lm", "Lo") else code


_MARKS = _Marks()
