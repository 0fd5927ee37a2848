"""What a slip of the keyboard gets: one sentence and a hint on standard error, and exit code 2."""

import re
from importlib import import_module
from pathlib import Path

import pytest

import prosa as package
from prosa.cli.commands import COMMANDS
from prosa.cli.parser import Parser


def test_the_version(prosa):
    done = prosa("--version")
    assert (done.returncode, done.stdout) == (0, f"prosa {package.__version__}\n")


def test_nothing_at_all_shows_the_help_as_a_mistake(prosa):
    done = prosa()
    assert (done.returncode, done.stdout) == (2, "")
    assert all(f"prosa {command}" in done.stderr for command in COMMANDS)


@pytest.mark.parametrize("command", ["ask", "export", "sources", "serve", "demo"])
def test_every_command_has_help_in_both_languages(prosa, command):
    english, portuguese = prosa(command, "--help"), prosa(command, "--help", "--lang", "pt")
    assert english.returncode == portuguese.returncode == 0
    assert english.stdout.startswith("Usage: prosa")
    assert portuguese.stdout.startswith("Uso: prosa")
    assert english.stderr == portuguese.stderr == ""


@pytest.mark.parametrize("command", ["ask", "export", "sources", "serve", "demo"])
def test_every_option_is_in_the_page_about_the_command_line(command):
    parser = Parser("en", command, f"prosa {command}")
    import_module(COMMANDS[command]).add_arguments(parser)
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
    options = re.findall(r"--[a-z-]+", parser.format_help())
    assert {option for option in options if option not in page} == set()


def test_the_system_language_is_spoken(prosa):
    assert prosa("--help", LANG="pt_BR.UTF-8").stdout.startswith("Uso: prosa COMANDO")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["aks"], "Did you mean ask?"),
        (["ask", "--lagn", "pt"], "Did you mean --lang?"),
        (["ask", "--limit"], "--limit needs a value."),
        (["ask", "--json=1"], "--json takes no value."),
        (["ask", "x.csv", "q", "--limit", "many"], "many is not a number of rows."),
        (["ask", "x.csv", "q", "--limit", "9" * 5000], "is not a number of rows."),
        (["ask", "x.csv", "q", "--export", "~nobody-of-that-name/x.csv"], "can't be written"),
        (["doctor", "http://[x"], "is no address of a server."),
        (["ask", "x.csv", "q", "--as-of", "soon"], "soon is not a date."),
        (["ask", "x.csv", "q", "--export", "out.xyz"], "Files ending in .xyz can't be written."),
        (["ask", "x.csv", "q", "--timeout", "soon"], "--timeout: run_time_limit must be a time"),
        (["ask", "x.csv", "q", "--analyst", "oracle"], "Choose one of: auto, rules, llm."),
        (["ask", "x.csv", "q", "--set", "worker_thread=2"], "Did you mean worker_threads?"),
        (["ask", "x.csv", "q", "--set", "worker_threads"], "NAME=VALUE"),
        (["ask", "x.csv", "q", "--config", "none.toml"], "There is no settings file none.toml."),
        (["ask", "missing.csv", "q"], "There is no file or folder missing.csv."),
        (["ask", "name=missing.csv", "q"], "There is no file or folder missing.csv."),
        (["ask"], "There is nothing to ask."),
        (["sources"], "There is nothing to ask."),
        (["sources", "missing*.csv"], "No file matches"),
        (["sources", "missing"], "There is no file or folder missing."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_is_one_sentence_and_a_hint(prosa, words, says):
    done = prosa(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert says in done.stderr
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) <= 2


def test_a_mistake_in_portuguese(prosa):
    assert prosa("ask", "nada.csv", "q", "--lang", "pt").stderr.startswith("Erro: Não existe")


def test_a_wrong_variable_is_named(prosa, sales):
    assert "PROSA_PORT" in prosa("ask", sales, "q", PROSA_PROT="1").stderr


def test_an_export_into_nowhere_is_refused_before_any_work(prosa, sales):
    done = prosa("ask", sales, "list customers", "--export", "no/such/folder/out.csv")
    assert done.returncode == 2
    assert "can't be written" in done.stderr
