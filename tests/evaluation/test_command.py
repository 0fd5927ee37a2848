"""`prosa eval` as a real process."""

import json
import os
import subprocess
import sys

import pytest

ITEMS = [
    {"id": "a", "database": "shop.sqlite", "question": "How many stores?", "query": "SELECT count(*) FROM stores"},
    {
        "id": "b",
        "database": "shop.sqlite",
        "question": "What is the average amount?",
        "query": "SELECT avg(amount) FROM orders",
    },
    {"id": "c", "database": "shop.sqlite", "question": "Will it rain tomorrow?", "unanswerable": True},
]


@pytest.fixture
def prosa(settings, tmp_path):
    def run(*words, **variables):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PROSA_", "LC_", "XDG_"))}
        places = {"PROSA_CACHE_DIR": str(settings.cache_dir), "PROSA_DATA_DIR": str(settings.data_dir)}
        return subprocess.run(
            [sys.executable, "-m", "prosa", "eval", *map(str, words)],
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**kept, "LANG": "en_US.UTF-8", "PYTHONWARNINGS": "error", **places, **variables},
            timeout=120,
        )

    return run


def test_a_suite_is_asked_written_down_and_compared(prosa, shop, suite_file, tmp_path):
    file = suite_file(*ITEMS)
    first = prosa(file, "--root", shop, "--predictions", "one.jsonl", "--report", "report.md")
    assert (first.returncode, first.stderr) == (0, "")
    assert "3 questions" in first.stdout
    written = [json.loads(line) for line in (tmp_path / "one.jsonl").read_text("utf-8").splitlines()]
    assert [line["id"] for line in written] == ["a", "b", "c"]
    assert all(set(line) == {"id", "status", "sql", "confidence", "ms"} for line in written)
    assert "shop.sqlite" in (tmp_path / "report.md").read_text("utf-8")

    written[0]["sql"] = "SELECT 99"
    (tmp_path / "old.jsonl").write_text("\n".join(map(json.dumps, written)), "utf-8")
    second = prosa(file, "--root", shop, "--score", "one.jsonl", "--compare", "old.jsonl", "--report", "report.json")
    assert second.returncode == 0, second.stderr
    assert "Gained: 1\n  a  answered → answered  How many stores?" in second.stdout
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["summary"]["asked"] == 3


def test_the_suites_own_folder_is_the_root_and_portuguese_is_spoken(prosa, shop):
    (shop / "suite.json").write_text(json.dumps(ITEMS[:1]), "utf-8")
    found = prosa(shop / "suite.json", "--lang", "pt-BR")
    assert found.returncode == 0, found.stderr
    assert "1 pergunta\n" in found.stdout
    assert "certas" in found.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "No suite"),
        (["nowhere.json"], "nowhere.json can't be read"),
        (["suite.json", "--root", "."], "there is no file"),
        (["suite.json", "--field", "frage"], "no question in the field frage"),
        (["suite.json", "suite.json"], "Two questions have the id a"),
        (["suite.json", "--report", "nowhere/report.md"], "There is no folder"),
        (["suite.json", "--compare", "nowhere.jsonl"], "nowhere.jsonl can't be read"),
    ],
)
def test_a_mistake_is_told_before_anything_is_asked(words, told, prosa, shop, suite_file):
    suite_file(*ITEMS)
    root = [] if "--root" in words else ["--root", shop]
    found = prosa(*words, *root)
    assert (found.returncode, found.stdout) == (2, "")
    assert told in found.stderr
    assert "Traceback" not in found.stderr
