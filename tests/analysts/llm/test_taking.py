"""Files that only the model heard the wish for: made, told of and offered on every face."""

import asyncio
import io
from typing import get_args

import openpyxl

from prosa import chart_export
from prosa.analysts.llm.drafts import FileFormat
from prosa.events import FileReady, Notice
from prosa.exports.formats import FORMATS

HEARD = "revenue by store, something that my accountant can open"
JSON = {"accept": "application/json"}


def kept(events, kind):
    return [event for event in events if isinstance(event, kind)]


def test_the_model_may_wish_for_every_format_that_there_is():
    assert set(get_args(FileFormat)) == {*FORMATS, *chart_export.PICTURES, "zip"}


async def test_a_wish_of_the_plan_becomes_files_of_the_whole_result(served, provider, replies):
    provider.replies = [replies["plan"](exports=["xlsx", "csv"]), replies["say"]("Done.")]
    answer = (await served.post("/api/ask", json={"question": HEARD, "analyst": "llm"}, headers=JSON)).json()
    assert answer["status"] == "answered", answer
    workbook, table = [(await served.get(file["url"])).content for file in answer["files"]]
    rows = list(openpyxl.load_workbook(io.BytesIO(workbook)).active.values)
    assert [row[0] for row in rows] == ["store", "Grão", "Empório", "Café Sul"]
    assert "Grão,3678" in table.decode("utf-8-sig")
    assert "files" in answer["text"].lower()


async def test_the_wires_offer_the_file(served, provider, replies):
    provider.replies = [replies["plan"](exports=["tsv"]), replies["say"]("Done.")] * 2
    native = await served.post("/api/ask", json={"question": HEARD, "analyst": "llm"})
    lettered = await served.post("/pipeline/stream", json={"request": HEARD, "context": {"analyst": "llm"}})
    assert "event: file_ready" in native.text
    assert "text/tab-separated-values" in lettered.text


async def test_the_terminal_writes_the_file_beside_the_person(terminal, provider, replies, tmp_path):
    provider.replies = [replies["plan"](exports=["csv"]), replies["say"]("Done.")]
    done = await asyncio.to_thread(terminal, "ask", "sales.csv", HEARD, "--analyst", "llm")
    assert done.returncode == 0, done.stderr
    (file,) = [path for path in tmp_path.glob("*.csv") if path.name != "sales.csv"]
    assert "Grão,3678" in file.read_text("utf-8-sig")
    assert file.name in done.stderr


async def test_a_wish_that_was_understood_without_the_model_goes_first(provider, asked, replies):
    provider.replies = [replies["plan"](exports=["xml"]), replies["say"]("Done.")]
    _, events = await asked("revenue by store please, as csv")
    assert [file.mime.partition(";")[0] for file in kept(events, FileReady)] == ["text/csv"]


async def test_a_file_that_cannot_be_made_costs_no_answer(provider, asked, replies):
    one = "SELECT 1 AS one"
    provider.replies = [replies["plan"](one, exports=["png"]), replies["say"]("Done.")]
    answer, events = await asked()
    assert answer.status == "answered"
    assert [notice.code for notice in kept(events, Notice)] == ["no_chart"]


async def test_a_format_that_nobody_writes_is_sent_back(provider, asked, replies):
    provider.replies = [replies["plan"](exports=["docx"]), replies["plan"](exports=["html"]), replies["say"]("Done.")]
    answer, events = await asked()
    assert answer.status == "answered", answer.failure
    assert len(kept(events, FileReady)) == 1
    assert "xlsx" in str(provider.asked[1]["messages"])


async def test_the_second_plan_keeps_the_wishes_of_the_first(provider, asked, replies):
    first = replies["plan"](look_again=True, exports=["csv"], chart="pie")
    provider.replies = [first, replies["plan"](), replies["say"]("Done.")]
    answer, events = await asked()
    assert len(kept(events, FileReady)) == 1
    assert answer.charts[0].figure["data"][0]["type"] == "pie"
