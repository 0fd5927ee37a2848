"""`prosa export SOURCE "SQL" FILE`: every row of a query as a file."""

import csv
import io

import pyarrow.parquet as pq
import pytest

QUERY = "SELECT city, revenue FROM sales ORDER BY order_id"


def test_every_row_is_written_and_counted(prosa, sales, tmp_path):
    done = prosa("export", sales, QUERY, "out.parquet")
    assert (done.returncode, done.stdout) == (0, "")
    assert "5 rows written to" in done.stderr
    assert pq.read_table(tmp_path / "out.parquet").column("city").to_pylist()[0] == "São Paulo"


def test_standard_output_and_standard_input(prosa, sales):
    done = prosa("export", sales, "-", "-", "--format", "tsv", stdin=QUERY)
    assert done.returncode == 0, done.stderr
    rows = list(csv.reader(io.StringIO(done.stdout), delimiter="\t"))
    assert rows[:2] == [["city", "revenue"], ["São Paulo", "120.50"]]


def test_options_and_the_language(prosa, sales, tmp_path):
    assert prosa("export", sales, QUERY, "br.csv", "--lang", "pt-BR").returncode == 0
    assert (tmp_path / "br.csv").read_text("utf-8-sig").splitlines()[1] == "São Paulo;120,50"
    assert prosa("export", sales, QUERY, "us.csv", "--option", "null=-", "--option", "line_end=\n").returncode == 0
    assert b"\r" not in (tmp_path / "us.csv").read_bytes()


def test_a_limit_is_told(prosa, sales, tmp_path):
    done = prosa("export", sales, QUERY, "two.json", "--limit", "2")
    assert "2 rows written" in done.stderr
    assert '"complete":false' in (tmp_path / "two.json").read_text("utf-8").replace(" ", "")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["SELECT nothing FROM sales", "out.csv"], 3, "There is no column nothing"),
        (["DROP TABLE sales", "out.csv"], 3, "not"),
        (["SELECT 1", "out.docx"], 2, "Files ending in .docx"),
        (["SELECT 1", "out.csv", "--option", "delimiter"], 2, "no option of a format"),
        (["SELECT 1", "no/such/folder/out.csv"], 2, "can't be written"),
        (["SELECT 1"], 2, "A source, a query and a file are needed."),
    ],
)
def test_what_can_not_be_done_leaves_no_file(prosa, sales, tmp_path, words, code, said):
    done = prosa("export", sales, *words)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["sales.csv"]
