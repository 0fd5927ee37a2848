"""`prosa ask` as a real process: the answer on standard output, everything about it on standard error."""

import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest

from prosa import events
from prosa.answer import Answer

BY_CITY = "SELECT city, sum(revenue) AS revenue FROM sales GROUP BY 1 ORDER BY 2 DESC"
ENDLESS = "SELECT count(*) FROM many a, many b, many c WHERE a.n + b.n + c.n = 7"


@pytest.fixture
def many(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("n\n" + "\n".join(map(str, range(30_000))) + "\n")
    return path


@pytest.fixture
def started(environment, tmp_path):
    """Starts a command in a process group of its own."""
    running = []

    def start(*words):
        process = subprocess.Popen(
            [sys.executable, "-m", "prosa", *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=tmp_path,
            env=environment,
            start_new_session=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_the_answer_goes_to_one_stream_and_the_progress_to_the_other(prosa, sales):
    done = prosa("ask", sales, "total revenue")
    assert done.returncode == 0
    assert "655.75" in done.stdout
    assert "SUM(" in done.stdout
    assert "✓" not in done.stdout
    stages = [line.split("  ")[0].strip() for line in done.stderr.splitlines()]
    assert stages == ["✓ Understanding", "✓ Choosing data", "✓ Planning", "✓ Running the query", "✓ Answering"]


def test_a_pipe_gets_no_colours(prosa, sales):
    done = prosa("ask", sales, BY_CITY)
    assert "\x1b" not in done.stdout + done.stderr
    assert "São Paulo    430.75" in done.stdout


def test_portuguese_when_it_is_asked_for(prosa, sales):
    done = prosa("ask", sales, "total revenue", "--lang", "pt")
    assert "655,75" in done.stdout
    assert "✓ Entendendo" in done.stderr


def test_the_question_may_be_spread_over_words(prosa, sales):
    assert "655.75" in prosa("ask", sales, "total", "revenue").stdout


def test_options_may_stand_anywhere(prosa, sales):
    assert "655,75" in prosa("ask", "--lang", "pt", sales, "--no-color", "total revenue").stdout


@pytest.mark.parametrize("words", [[], ["-"]], ids=["pipe", "dash"])
def test_the_question_may_come_from_standard_input(prosa, sales, words):
    done = prosa("ask", sales, *words, stdin=BY_CITY + "\n")
    assert (done.returncode, "430.75" in done.stdout) == (0, True)


def test_an_empty_question_is_a_mistake(prosa, sales):
    done = prosa("ask", sales, stdin="\n")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: ")


def test_a_very_long_question_is_a_mistake(prosa, sales):
    assert prosa("ask", sales, stdin="x" * 100_000).returncode == 2


def test_several_sources_by_name(prosa, sales, tmp_path):
    (tmp_path / "places.csv").write_text("city,state\nRio,RJ\nRecife,PE\n")
    sql = "SELECT state, sum(revenue) AS r FROM orders JOIN places USING (city) GROUP BY 1 ORDER BY 1"
    done = prosa("ask", f"orders={sales}", "places.csv", sql)
    assert done.returncode == 0
    assert done.stdout.index("PE") < done.stdout.index("RJ")


def test_only_the_sql(prosa, sales):
    done = prosa("ask", sales, "total revenue", "--sql")
    assert done.returncode == 0
    assert done.stdout.startswith("SELECT SUM(")
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_the_sql_is_shown_without_being_run(prosa, many):
    done = prosa("ask", many, ENDLESS, "--sql")
    assert (done.returncode, done.stdout.lower().startswith("select count(*)")) == (0, True)


def test_json_lines_are_the_log(prosa, sales):
    done = prosa("ask", sales, BY_CITY, "--json")
    entries = [events.decode(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[-1].terminal
    assert Answer.fold(entries).table.total == 3


def test_an_export_is_complete(prosa, many, tmp_path):
    done = prosa("ask", many, "SELECT n FROM many ORDER BY n", "--export", "out.csv")
    assert done.returncode == 0
    assert "30,000 rows written to" in done.stderr
    lines = (tmp_path / "out.csv").read_bytes().split(b"\r\n")
    assert (lines[0], lines[1], lines[-2], len(lines)) == (b"n", b"0", b"29999", 30_002)
    assert "first 10 of 30,000 rows" in done.stdout


def test_an_export_for_brazil_has_its_marks(prosa, sales, tmp_path):
    prosa("ask", sales, BY_CITY, "--lang", "pt-BR", "--export", "out.csv")
    text = (tmp_path / "out.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbfcity;revenue")
    assert b"430,75" in text


def test_signs_that_the_fonts_of_a_picture_lack_are_told(prosa, sales, tmp_path):
    done = prosa("ask", sales, BY_CITY, "--export", "out.png")
    assert "lack" not in done.stderr
    sales.write_text(sales.read_text("utf-8").replace("Recife", "東京"), "utf-8")
    done = prosa("ask", sales, BY_CITY, "--export", "out.png")
    assert "The fonts of pictures lack these signs: 東京" in done.stderr
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")


def test_an_answer_without_a_table_can_not_be_exported(prosa, sales, tmp_path):
    done = prosa("ask", sales, "hello", "--export", "out.csv")
    assert done.returncode == 2
    assert not list(tmp_path.glob("*out.csv*"))


def test_a_refusal_is_not_exported(prosa, sales, tmp_path):
    done = prosa("ask", sales, "DROP TABLE sales", "--export", "out.csv")
    assert done.returncode == 3
    assert not list(tmp_path.glob("*out.csv*"))


def test_the_limit_is_said(prosa, many):
    done = prosa("ask", many, "SELECT n FROM many", "--limit", "12", "--json")
    table = Answer.fold(map(events.decode, done.stdout.splitlines())).table
    assert (len(table.rows), table.truncated) == (12, True)


def test_the_clock_can_be_set(prosa, sales):
    assert "355.35" in prosa("ask", sales, "total revenue this month", "--as-of", "2025-02-28").stdout


@pytest.mark.parametrize("question", ["flurb the blarg", "DROP TABLE sales"])
def test_a_refusal_has_its_own_exit_code(prosa, sales, question):
    done = prosa("ask", sales, question)
    assert done.returncode == 3
    assert done.stdout


def test_a_failure_has_its_own_exit_code_and_a_hint(prosa, many):
    done = prosa("ask", many, ENDLESS, "--timeout", "0.5")
    assert done.returncode == 4
    assert "longer than the limit of 0.5 seconds" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "content"), [("empty.csv", b""), ("picture.csv", bytes(range(256)) * 20), ("broken.xlsx", b"PK\x03\x04no")]
)
def test_a_file_that_can_not_be_read_is_one_sentence(prosa, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    done = prosa("ask", name, "how many rows?")
    assert done.returncode == 4
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_may_name_the_sources(prosa, sales, tmp_path):
    (tmp_path / "prosa.toml").write_text(f"[sources]\nsales = '{sales}'\n")
    assert "655.75" in prosa("ask", "--config", "prosa.toml", "total revenue").stdout


def test_a_hidden_cell_does_not_steer_the_terminal(prosa, tmp_path):
    (tmp_path / "evil.json").write_text('[{"name": "\\u001b]0;owned\\u0007", "n": 1}]')
    done = prosa("ask", "evil.json", "SELECT * FROM evil")
    assert "\x1b" not in done.stdout + done.stderr
    assert "owned" in done.stdout


def test_a_system_without_unicode_still_gets_its_answer(prosa, sales):
    done = prosa("ask", sales, BY_CITY, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "S?o Paulo" in done.stdout


def test_an_unexpected_error_is_logged_and_not_shown(prosa, sales, tmp_path):
    (tmp_path / "rich.py").write_text("raise RuntimeError('planted')")
    done = prosa("ask", sales, "total revenue", PYTHONPATH=str(tmp_path), PROSA_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert "planted" in (tmp_path / "data" / "prosa.log").read_text("utf-8")
    debug = prosa("ask", sales, "total revenue", PYTHONPATH=str(tmp_path), PROSA_DEBUG="1")
    assert "planted" in debug.stderr


def until(process, word):
    seen = ""
    for line in process.stderr:
        seen += line
        if word in line:
            return seen
    raise AssertionError(seen)


def children(process):
    """The processes that it started (Linux)."""
    tasks = Path(f"/proc/{process.pid}/task").iterdir()
    return {child for task in tasks for child in (task / "children").read_text().split()}


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_ctrl_c_stops_the_sql_and_says_so(started, many, tmp_path):
    process = started("ask", many, ENDLESS, "--export", "out.csv")
    until(process, "Planning")
    workers = children(process)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.strip() == "Stopped."
    assert workers
    assert not any(os.path.exists(f"/proc/{worker}") for worker in workers)
    assert not list(tmp_path.glob("*out.csv*"))


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_a_stopped_run_ends_its_log(started, many):
    process = started("ask", many, ENDLESS, "--json")
    lines = []
    for line in process.stdout:
        lines.append(line)
        if '"stage_started","stage":"execute"' in line:
            os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=60)
    assert process.returncode == 130
    assert msgspec.json.decode(lines[-1])["event"] == "cancelled"


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_being_ended_from_outside_leaves_nothing_behind(started, many):
    process = started("ask", many, ENDLESS)
    until(process, "Planning")
    workers = children(process)
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert not any(os.path.exists(f"/proc/{worker}") for worker in workers)


def test_nobody_reading_is_no_error(started, many):
    process = started("ask", many, "SELECT n FROM many", "--json")
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=60) in (0, 141)
    assert process.stderr.read() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_a_second_ctrl_c_ends_it_at_once(started, many):
    process = started("ask", many, ENDLESS)
    until(process, "Planning")
    workers = children(process)
    os.killpg(process.pid, signal.SIGINT)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.strip()) == (130, "Stopped.")
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def test_a_wish_in_the_question_leaves_files_here(prosa, sales, tmp_path):
    done = prosa("ask", sales, "revenue by city as a pie chart, in csv and excel")
    assert done.returncode == 0, done.stderr
    written = sorted(path.suffix for path in tmp_path.iterdir())
    assert written == [".csv", ".csv", ".xlsx"]
    assert done.stderr.count("3 rows written to") == 2


def test_everything_of_an_answer_is_a_zip(prosa, sales, tmp_path):
    done = prosa("ask", sales, BY_CITY, "--export", "all.zip")
    assert done.returncode == 0, done.stderr
    names = set(zipfile.ZipFile(tmp_path / "all.zip").namelist())
    assert names >= {"answer.md", "query.sql", "data.csv", "data.parquet", "about.json"}
    assert "Written to" in done.stderr


def test_options_of_the_format(prosa, sales, tmp_path):
    done = prosa("ask", sales, BY_CITY, "--export", "out.csv", "--option", "delimiter=;", "--option", "bom=true")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert b";" in (tmp_path / "out.csv").read_bytes()
    wrong = prosa("ask", sales, BY_CITY, "--export", "out.csv", "--option", "colour=red")
    assert (wrong.returncode, "no export option colour" in wrong.stderr) == (2, True)
