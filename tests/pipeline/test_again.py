"""Messages about the last answer: another chart, a file, both; over real workers, with no analyst asked."""

import io
import json
import zipfile

import pytest

from prosa.charts.style import Template
from prosa.errors import AccessError, UsageError
from prosa.identity import LOCAL, Principal


def kinds(answer):
    return [trace["type"] for chart in answer.charts for trace in chart.figure["data"]]


async def read(asking, file):
    stored = asking.kept.get_file(LOCAL, file.file_id)
    return stored.data if stored.write is None else b"".join([chunk async for chunk in stored.write()])


async def test_wishes_for_the_chart_add_up(talk):
    first = await talk.say("total sales by store")
    pie = await talk.say("as a pie chart")
    assert (kinds(pie), pie.tables, pie.queries) == (["pie"], [], [])
    assert pie.charts[0].result_id == first.tables[0].result_id
    titled = await talk.say('com o título "Lojas", no tema escuro')
    layout = titled.charts[0].figure["layout"]
    assert (kinds(titled), layout["title"]["text"]) == (["pie"], "Lojas")
    assert layout["paper_bgcolor"] != pie.charts[0].figure["layout"]["paper_bgcolor"]
    bars = await talk.say("em barras horizontais, escala logarítmica")
    assert (kinds(bars), bars.charts[0].figure["data"][0]["orientation"]) == (["bar"], "h")
    assert bars.charts[0].figure["layout"]["xaxis"]["type"] == "log"
    assert bars.charts[0].figure["layout"]["title"]["text"] == "Lojas"


@pytest.mark.parametrize(
    ("wish", "words"),
    [("as a pie chart", "Here it is as a pie chart."), ("em pizza", "Aqui está em gráfico de pizza.")],
)
async def test_the_answer_says_what_was_drawn(talk, wish, words):
    await talk.say("total sales by store")
    assert (await talk.say(wish)).text == words


async def test_what_can_not_be_drawn_so_is_said(talk):
    await talk.say("SELECT name, country FROM stores")
    assert "can't be drawn" in (await talk.say("as a pie chart")).text
    await talk.say("SELECT sale_id % 50 AS a, amount AS b, sold_on AS d FROM sales")
    otherwise = await talk.say("as a pie chart")
    assert otherwise.text.startswith("The result can't be drawn as a pie chart, so here it is as a")


async def test_a_logarithmic_scale_says_that_it_hides_zero(talk):
    await talk.say("SELECT name, store_id - 1 AS n FROM stores")
    assert "zero or less" in (await talk.say("as a bar chart with log scale")).text


async def test_files_of_the_last_result_and_of_its_chart(asking, talk):
    await talk.say("total sales by store")
    made = await talk.say("export as Excel, CSV and HTML")
    assert [file.name.rpartition(".")[2] for file in made.files] == ["xlsx", "csv", "html"]
    assert [file.rows for file in made.files] == [2, 2, None]
    assert (await read(asking, made.files[1])).startswith(b"\xef\xbb\xbfStore name,Revenue")
    assert b"plotly" in await read(asking, made.files[2])
    chart = await talk.say("exportar gráfico em CSV", locale="pt-BR")
    assert (await read(asking, chart.files[0])).decode("utf-8-sig").splitlines()[0] == "series;x;y"


async def test_a_chart_that_was_never_shown_is_drawn_for_its_file(asking, talk):
    await talk.say("total sales by store")
    page = await talk.say("quero um gráfico de pizza interativo em HTML")
    assert kinds(page) == ["pie"]
    assert len(page.files) == 1


async def test_everything_is_a_zip_with_the_chart_as_it_is_now(asking, talk):
    await talk.say("total sales by store")
    await talk.say("as a pie chart")
    taken = await talk.say("baixa tudo")
    archive = zipfile.ZipFile(io.BytesIO(await read(asking, taken.files[0])))
    assert archive.testzip() is None
    about = json.loads(archive.read("about.json"))
    assert {file["name"] for file in about["files"]} == set(archive.namelist()) - {"about.json"}
    assert about["question"] == "total sales by store"
    assert b"Centro" in archive.read("data.csv")
    assert b'"pie"' in archive.read("chart.html")


async def test_a_file_beside_an_answer(asking, talk):
    answer = await talk.say("total sales by store as a pie chart, in Excel")
    assert (kinds(answer), answer.unknown) == (["pie"], ())
    assert answer.files[0].name.endswith(".xlsx")
    assert answer.text.endswith("The file is ready.")
    assert asking.kept.put_in[0][2].question == "total sales by store as a pie chart, in Excel"


async def test_a_zip_beside_an_answer_holds_its_words(asking, talk):
    answer = await talk.say("total sales by store and download everything")
    archive = zipfile.ZipFile(io.BytesIO(await read(asking, answer.files[0])))
    assert answer.text.split(".")[0] in archive.read("answer.md").decode()


async def test_all_charts_of_a_conversation_in_one_zip(asking, talk):
    await talk.say("total sales by store")
    await talk.say("as a pie chart")
    taken = await talk.say("export all charts as HTML")
    archive = zipfile.ZipFile(io.BytesIO(await read(asking, taken.files[0])))
    assert len([name for name in archive.namelist() if name.endswith(".html")]) == 2


async def test_a_result_that_has_expired_is_read_again(asking, talk):
    first = await talk.say("total sales by store")
    asking.kept.remove(LOCAL, first.tables[0].result_id)
    made = await talk.say("export this as CSV")
    assert [notice.code for notice in made.notices] == ["rerun"]
    assert made.tables[0].rows == first.tables[0].rows
    assert [column.name for column in made.tables[0].columns] == [column.name for column in first.tables[0].columns]
    assert len(made.files) == 1


async def test_a_follow_up_still_finds_the_question_before_the_wish(talk):
    await talk.say("total sales by store")
    await talk.say("as a pie chart")
    await talk.say("thanks!")
    by_country = await talk.say("and by country?")
    assert "country" in (by_country.sql or "")


async def test_without_a_result_there_is_nothing_to_take(talk):
    for wish in ("export this as Excel", "as a pie chart", "baixa tudo"):
        answer = await talk.say(wish)
        assert (answer.status, answer.files) == ("refused", [])
        assert "Ask a question" in answer.text or "pergunte" in answer.text


async def test_somebody_else_gets_nothing_of_it(asking, talk):
    await talk.say("total sales by store")
    file = (await talk.say("export this as CSV")).files[0]
    assert asking.kept.get_file(LOCAL, file.file_id).rows == 2
    with pytest.raises(AccessError):
        asking.kept.get_file(Principal("eve"), file.file_id)


async def test_a_format_that_does_not_exist_is_an_error_with_the_names(talk):
    await talk.say("total sales by store")
    with pytest.raises(UsageError, match="no export format docx"):
        await talk.say("export this as a Word document")


async def test_of_several_formats_those_that_exist_are_made(talk):
    await talk.say("total sales by store")
    made = await talk.say("export this as csv and docx")
    assert [file.name.rpartition(".")[2] for file in made.files] == ["csv"]
    assert [notice.code for notice in made.notices] == ["export_format"]


async def test_a_chart_that_can_not_be_is_an_error(talk):
    await talk.say("SELECT name, country FROM stores")
    with pytest.raises(UsageError, match="no chart to export"):
        await talk.say("exportar gráfico em CSV")


async def test_a_conversation_that_is_kept_is_a_file_to_fetch(talk):
    talk.conversation = "c1"
    await talk.say("total sales by store")
    made = await talk.say("export the conversation as markdown and zip")
    assert [file.url for file in made.files] == [
        "/api/conversations/c1/export?format=md",
        "/api/conversations/c1/bundle.zip",
    ]
    assert "Markdown" in (await talk.say("export the conversation as xml")).text
    talk.conversation = None
    assert (await talk.say("export the conversation")).status == "refused"


async def test_charts_wear_the_house_template(asking, talk):
    asking.pipeline._parts = asking.pipeline._parts._replace(template=Template(("#123456",), "Inter", "ACME <b>"))
    layout = (await talk.say("total sales by store")).charts[0].figure["layout"]
    assert (layout["colorway"][0], layout["font"]["family"]) == ("#123456", "Inter")
    assert [note["text"] for note in layout["annotations"]] == ["ACME &lt;b&gt;"]


async def test_pictures_of_the_chart_as_it_is_now(asking, talk):
    pytest.importorskip("typst", reason="needs the extra images")
    await talk.say("SELECT CASE WHEN store_id = 1 THEN '日本' ELSE name END AS name, store_id AS n FROM stores")
    made = await talk.say("as a bar chart, as PNG and PDF")
    starts = [(await read(asking, file))[:4] for file in made.files]
    assert starts == [b"\x89PNG", b"%PDF"]
    assert [notice.code for notice in made.notices] == ["missing_signs"]
