"""Options from plain values: what is wrong is named, with what would be right."""

import msgspec
import pytest

from prosa.errors import UsageError
from prosa.exports.options import parse, personal
from prosa.results import Column


def test_texts_of_a_query_string_are_read():
    options = parse({"bom": "true", "raw": "false", "delimiter": "\t", "null": "NULL"})
    assert (options.bom, options.raw, options.delimiter, options.null) == (True, False, "\t", "NULL")


def test_nothing_given_is_data_for_programs():
    options = parse({})
    assert (options.bom, options.delimiter, options.decimal, options.raw) == (False, ",", ".", False)


@pytest.mark.parametrize(("locale", "marks"), [(None, (",", ".")), ("en", (",", ".")), ("pt-BR", (";", ","))])
def test_a_persons_file_has_the_mark_that_excel_needs(locale, marks):
    options = parse(personal(locale))
    assert options.bom
    assert (options.delimiter, options.decimal) == marks


def test_values_that_crossed_a_process_border_are_structs_again(about):
    plain = {"provenance": msgspec.to_builtins(about), "columns": [{"name": "n", "type": "integer"}]}
    assert parse(plain).provenance == about
    assert parse(plain).columns == (Column("n", "integer"),)


@pytest.mark.parametrize(
    ("values", "code", "said"),
    [
        ({"delimeter": ";"}, "export_option_unknown", "delimiter"),
        ({"delimiter": ";;"}, "export_option", "delimiter"),
        ({"delimiter": '"'}, "export_option", "delimiter"),
        ({"delimiter": ""}, "export_option", "delimiter"),
        ({"bom": "perhaps"}, "export_option", "true, false"),
        ({"decimal": "x"}, "export_option", "'.', ','"),
        ({"decimal": ","}, "export_same_marks", "semicolon"),
        ({"columns": "a"}, "export_option", "columns"),
    ],
)
def test_what_cannot_be_is_refused_with_a_hint(values, code, said):
    with pytest.raises(UsageError) as caught:
        parse(values)
    assert caught.value.code == code
    assert said in str(caught.value)
    assert caught.value.sentence("pt-BR") != caught.value.sentence("en")
