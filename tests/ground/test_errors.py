"""Errors are codes with words in two languages."""

import pickle
import string

import pytest

from prosa import errors, locales


def every_class():
    waiting, found = [errors.ProsaError], []
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting.extend(kind.__subclasses__())
    return found


@pytest.mark.parametrize("kind", every_class(), ids=lambda kind: kind.__name__)
def test_every_error_has_words_in_both_languages(kind):
    for locale in locales.LOCALES:
        assert kind.default_code in locales.messages(locale, "errors")


def test_the_tree_in_the_docstring_is_the_tree():
    drawn = {word for word in errors.__doc__.replace("─", " ").split() if word in dir(errors)}
    assert {kind.__name__ for kind in every_class()} <= drawn


def test_an_error_says_what_happened_and_what_to_do():
    error = errors.AccessError()
    assert str(error) == f"{error.sentence()} {error.hint()}"
    assert error.sentence("pt") == "Não há nada aqui com esse nome."


def test_a_code_without_a_hint_has_an_empty_one():
    assert errors.AccessError("not_allowed").hint("pt-BR") == ""


@pytest.mark.parametrize(("code", "status"), [("not_signed_in", 401), ("not_allowed", 403), ("not_found", 404)])
def test_access_errors_have_the_status_of_their_code(code, status):
    assert errors.AccessError(code).status == status


def test_an_error_crosses_a_process_border_whole():
    error = errors.UsageError("usage", what="no such option")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.code, again.values) == (errors.UsageError, "usage", {"what": "no such option"})


def test_a_code_finds_its_class():
    assert type(errors.by_code("time_limit")) is errors.TimeLimit
    assert type(errors.by_code("never_heard_of")) is errors.ProsaError


def names(message):
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def test_every_message_exists_in_both_languages_with_the_same_places():
    from importlib import resources

    home = resources.files(locales)
    files = {entry.name for entry in home.joinpath("en").iterdir()}
    assert files == {entry.name for entry in home.joinpath("pt-BR").iterdir()}
    for file in (name.removesuffix(".toml") for name in files):
        english, portuguese = locales.messages("en", file), locales.messages("pt-BR", file)
        assert english.keys() == portuguese.keys(), file
        for key, message in english.items():
            if isinstance(message, str) and not key.endswith("_one"):
                assert names(message) == names(portuguese[key]), f"{file}.{key}"
