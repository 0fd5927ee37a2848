"""`prosa.ask` from anywhere: scripts, running loops, threads, frames; and every row of its answers."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import threading
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import prosa
from prosa.app import library
from prosa.errors import ConfigError, QuestionError, SourceError, UsageError

BY_CITY = "SELECT city, sum(revenue) AS revenue FROM sales GROUP BY 1 ORDER BY 2 DESC"


def test_an_answer_has_words_sql_table_and_figure(sales):
    answer = prosa.ask(sales, BY_CITY)
    assert answer.status == "answered"
    assert "3" in answer.text
    assert "GROUP BY" in answer.sql
    assert answer.table.total == 3
    assert answer.figure.data
    assert "<table>" in answer._repr_html_()


def test_a_question_in_plain_words(sales):
    assert "655.75" in prosa.ask(sales, "total revenue").text
    assert "655,75" in prosa.ask(sales, "total revenue", locale="pt-BR").text


def test_every_row_comes_out(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("n\n" + "\n".join(map(str, range(5000))) + "\n")
    answer = prosa.ask(path, "SELECT n FROM many ORDER BY n")
    assert len(answer.table.rows) <= 50
    assert answer.to_arrow()["n"].to_pylist() == list(range(5000))
    assert answer.to_pandas()["n"].sum() == sum(range(5000))
    assert answer.export("csv").count(b"\r\n") == 5001


def test_a_result_beyond_the_cap_comes_out_whole_too(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("n\n" + "\n".join(map(str, range(5000))) + "\n")
    answer = prosa.ask(path, "SELECT n FROM many", snapshot_cap=0)
    assert sorted(answer.to_arrow()["n"].to_pylist()) == list(range(5000))


def test_an_answer_keeps_its_rows_when_the_desk_is_gone(sales):
    answer = prosa.ask(sales, BY_CITY)
    process = library._process
    process.background.run(process.desks.aclose())
    assert len(answer.to_pandas()) == 3
    assert answer.export("csv").startswith(b"city,revenue")


def test_a_second_question_finds_the_desk_warm(sales):
    prosa.ask(sales, BY_CITY)
    before = list(library._process.desks._kept)
    prosa.ask(sales, "total revenue")
    assert list(library._process.desks._kept) == before


def test_a_changed_file_is_read_anew(sales):
    assert prosa.ask(sales, "SELECT count(*) AS n FROM sales").table.rows == ((5,),)
    sales.write_text(sales.read_text("utf-8") + "6,Eva,Rio,2025-04-01,1\n", "utf-8")
    assert prosa.ask(sales, "SELECT count(*) AS n FROM sales").table.rows == ((6,),)


def test_a_question_may_go_on_from_the_last(sales):
    first = prosa.ask(sales, "total revenue in Rio")
    assert prosa.ask(sales, "and in Recife?", follows=first).replies_to == first.run_id


def test_a_limit_may_be_larger_than_any_table(sales):
    assert prosa.ask(sales, BY_CITY, limit=10**30).table.total == 3


def test_a_question_that_is_not_unicode_is_answered_and_exported(sales):
    """As an argument in Latin-1 comes from a terminal in UTF-8."""
    answer = prosa.ask(sales, "total revenue \udce9")
    assert answer.status == "answered"
    assert "total revenue ?" in answer.export("json").decode()


def test_the_limit_cuts_and_says_so(sales):
    table = prosa.ask(sales, "SELECT * FROM sales", limit=2).table
    assert (len(table.rows), table.truncated) == (2, True)


@pytest.mark.parametrize("as_of", ["2025-02-28", date(2025, 2, 28)])
def test_the_clock_can_be_set(sales, as_of):
    assert "355.35" in prosa.ask(sales, "total revenue this month", as_of=as_of).text


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"city": ["Rio", "Rio", "Natal"], "revenue": [1.0, 2.0, 4.0]}),
        pl.DataFrame({"city": ["Rio", "Rio", "Natal"], "revenue": [1.0, 2.0, 4.0]}),
        pa.table({"city": ["Rio", "Rio", "Natal"], "revenue": [1.0, 2.0, 4.0]}),
    ],
    ids=["pandas", "polars", "arrow"],
)
def test_a_frame_is_a_source(frame):
    answer = prosa.ask({"sales": frame}, BY_CITY)
    assert answer.to_pandas().values.tolist() == [["Natal", 4.0], ["Rio", 3.0]]


def test_a_frame_that_changes_is_seen_anew():
    frame = pd.DataFrame({"city": ["Rio"], "revenue": [1]})
    assert prosa.ask({"sales": frame}, BY_CITY).table.rows == (("Rio", 1),)
    frame.loc[0, "revenue"] = 5
    assert prosa.ask({"sales": frame}, BY_CITY).table.rows == (("Rio", 5),)


def test_files_and_frames_are_joined(sales):
    states = pd.DataFrame({"city": ["Rio", "Recife"], "state": ["RJ", "PE"]})
    sql = "SELECT state, sum(revenue) AS total FROM sales JOIN states USING (city) GROUP BY 1 ORDER BY 1"
    answer = prosa.ask({"sales": sales, "states": states}, sql)
    assert [row[0] for row in answer.table.rows] == ["PE", "RJ"]


async def test_inside_a_running_loop(sales):
    assert prosa.ask(sales, BY_CITY).status == "answered"


def test_from_several_threads_at_once(sales):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(prosa.ask(sales, BY_CITY))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status for answer in answers] == ["answered"] * 6


@pytest.mark.parametrize(
    ("question", "status"), [("hello", "answered"), ("flurb the blarg", "refused"), ("DROP TABLE sales", "refused")]
)
def test_an_answer_without_data_comes_back_with_its_status(sales, question, status):
    answer = prosa.ask(sales, question)
    assert answer.status == status
    assert answer.text
    with pytest.raises(UsageError, match="no table"):
        answer.to_pandas()


def test_a_run_that_takes_too_long_comes_back_failed(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("n\n" + "\n".join(map(str, range(30_000))) + "\n")
    sql = "SELECT count(*) FROM many a, many b, many c WHERE a.n + b.n + c.n = 7"
    answer = prosa.ask(path, sql, timeout=0.5)
    assert answer.status == "failed"
    assert answer.failure.code == "time_limit"


@pytest.mark.parametrize(
    ("given", "error", "code"),
    [
        ({"source": "missing.csv"}, SourceError, "source_missing"),
        ({"source": "x" * 300 + ".csv"}, SourceError, "source_missing"),
        ({"source": "nul\0.csv"}, SourceError, "source_missing"),
        ({"source": "~nobody-of-that-name/x.csv"}, SourceError, "source_missing"),
        ({"source": "not-utf8-\udce9.csv"}, SourceError, "source_name"),
        ({"source": "http://[x/y.csv"}, SourceError, "download_failed"),
        ({"source": []}, UsageError, "source_none"),
        ({"source": 3}, UsageError, "source_kind"),
        ({"question": " "}, QuestionError, "question_empty"),
        ({"question": "x" * 100_000}, QuestionError, "question_too_long"),
        ({"as_of": "soon"}, UsageError, "as_of"),
        ({"worker_thread": 1}, ConfigError, "config_unknown"),
        ({"analyst": "oracle"}, ConfigError, "config_choice"),
        ({"timeout": -1}, ConfigError, "config_low"),
        ({"limit": 0}, UsageError, "cli_limit"),
        ({"limit": 1.5}, UsageError, "cli_limit"),
    ],
)
def test_what_can_not_be_used_is_raised(sales, given, error, code):
    with pytest.raises(error) as caught:
        prosa.ask(**{"source": sales, "question": "how many?", **given})
    assert caught.value.code == code


def test_one_unusable_source_among_good_ones_is_not_passed_over(sales, tmp_path):
    with pytest.raises(SourceError):
        prosa.ask([sales, tmp_path / "missing.csv"], "total revenue")


async def test_a_desk_gives_entries_as_they_come(sales):
    async with prosa.open(sales) as desk:
        names = [type(entry.event).__name__ async for entry in desk.ask(BY_CITY)]
    assert names[0] == "Started"
    assert names[-1] == "Completed"
    assert "Sql" in names


async def test_who_leaves_a_question_early_stops_it(sales):
    async with prosa.open(sales) as desk:
        entries = desk.ask("total revenue")
        first = await anext(entries)
        await entries.aclose()
        run = desk.runs.get(prosa.identity.LOCAL, first.run_id)
        assert (await run.finished()).status == "cancelled"


async def test_a_desk_takes_a_frame_and_removes_its_file():
    async with prosa.open(pd.DataFrame({"a": [1]})) as desk:
        ((name, location),) = desk.sources
        assert name == "data"
        folder = Path(location).parent
        assert [path.name for path in folder.iterdir()] == [Path(location).name]
    assert not folder.exists()


async def test_anybodys_answerer_fits_in(sales):
    from prosa.app import Desk
    from prosa.config import Settings
    from prosa.events import Text

    class Parrot:
        async def answer(self, question, context, emit):
            emit(Text(0, question.text))

    async with Desk(Settings(), answerer=Parrot()) as desk:
        run = await desk.start("polly")
        assert (await run.finished()).text == "polly"


SCRIPT = """
import sys, prosa
answer = prosa.ask(sys.argv[1], "SELECT count(*) AS n FROM sales")
print(answer.table.rows[0][0])
"""

IN_LOOP = """
import asyncio, sys, prosa
async def main():
    return prosa.ask(sys.argv[1], "SELECT count(*) AS n FROM sales")
print(asyncio.run(main()).table.rows[0][0])
"""

FORKED = """
import os, sys, prosa
prosa.ask(sys.argv[1], "SELECT 1 AS n")
if os.fork() == 0:
    print(prosa.ask(sys.argv[1], "SELECT count(*) AS n FROM sales").table.rows[0][0], flush=True)
    sys.exit(0)
os.wait()
assert prosa.ask(sys.argv[1], "SELECT 1 AS n").table.rows == ((1,),)
"""


@pytest.mark.parametrize("script", [SCRIPT, IN_LOOP, FORKED], ids=["plain", "loop", "forked"])
def test_a_script_without_a_main_guard_ends_cleanly(sales, tmp_path, script):
    file = tmp_path / "script.py"
    file.write_text(script)
    done = subprocess.run(
        [sys.executable, "-W", "error", file, sales], capture_output=True, text=True, timeout=120, cwd=tmp_path
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "5\n", "")


INTERRUPTED = """
import sys, prosa
try:
    print("asking", flush=True)
    prosa.ask(sys.argv[1], "SELECT count(*) FROM many a, many b, many c WHERE a.n + b.n + c.n = 7")
except KeyboardInterrupt:
    print(prosa.ask(sys.argv[1], "SELECT count(*) AS n FROM many").table.rows[0][0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_ctrl_c_ends_a_question_and_the_next_one_is_answered(tmp_path):
    (tmp_path / "many.csv").write_text("n\n" + "\n".join(map(str, range(30_000))) + "\n")
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", INTERRUPTED, tmp_path / "many.csv"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        said, errors = process.communicate(timeout=60)
    assert (process.returncode, said, errors) == (0, "30000\n", "")


def test_the_library_says_nothing_on_its_own(sales, capfd):
    prosa.ask(sales, "total revenue")
    asyncio.run(asyncio.sleep(0))
    assert capfd.readouterr() == ("", "")


def test_an_answer_goes_into_a_file_named_by_its_ending(sales, tmp_path):
    answer = prosa.ask(sales, BY_CITY)
    data = answer.export(tmp_path / "out.md", title="Cities")
    assert (tmp_path / "out.md").read_bytes() == data
    assert b"Cities" in data
    assert answer.export("csv", delimiter=";").startswith(b"city;revenue")
    with pytest.raises(UsageError, match="no export format docx"):
        answer.export(tmp_path / "out.docx")
    assert not (tmp_path / "out.docx").exists()


def test_signs_that_the_fonts_of_a_picture_lack_are_a_warning(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("city,revenue\nTokyo 東京,1\nRio,2\nBerlin,3\n", "utf-8")
    answer = prosa.ask(path, "revenue by city")
    with pytest.warns(UserWarning, match="東京"):
        assert answer.export("svg").startswith(b"<svg")


def test_a_picture_has_the_size_that_was_asked_for(sales):
    pytest.importorskip("py_mini_racer", reason="needs the extra images")
    answer = prosa.ask(sales, "revenue by city")
    assert answer.export("png", width=300, height=200, scale=1)[16:24] == (300).to_bytes(4) + (200).to_bytes(4)
    with pytest.raises(UsageError, match="width can't be 'wide'"):
        answer.export("png", width="wide")


def test_everything_of_an_answer_as_a_zip(sales, tmp_path):
    answer = prosa.ask(sales, BY_CITY)
    answer.export(str(tmp_path / "all.zip"), locale="pt-BR")
    archive = zipfile.ZipFile(tmp_path / "all.zip")
    assert archive.testzip() is None
    assert {"answer.md", "query.sql", "data.csv", "data.parquet", "chart.html", "about.json"} <= set(archive.namelist())
    assert archive.read("data.csv").decode("utf-8-sig").startswith("city;revenue")
    large = prosa.ask(sales, BY_CITY, snapshot_cap=0)
    assert b"Recife" in zipfile.ZipFile(io.BytesIO(large.export("zip"))).read("data.csv")


def test_a_wish_about_the_last_answer_brings_files(sales):
    first = prosa.ask(sales, "revenue by city")
    pie = prosa.ask(sales, "as a pie chart", follows=first)
    assert pie.figure.data[0].type == "pie"
    assert pie.export("csv") == first.export("csv")
    taken = prosa.ask(sales, "export this as CSV", follows=pie)
    assert [file.rows for file in taken.files] == [3]
    assert taken.read(taken.files[0]).decode("utf-8-sig").count("\n") == 4
    beside = prosa.ask(sales, "revenue by city, download everything")
    assert zipfile.ZipFile(io.BytesIO(beside.read(beside.files[0]))).testzip() is None
