"""Reading an agent's answer: markers, charts and file names, whatever else the text holds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prosa.exports.markers import AgentResponseParser as Parser
from prosa.exports.markers import extract_download_markers, marker

CSV = {"filename": "a.csv", "mime_type": "text/csv", "file_size": 12}
FIGURE = {"data": [{"type": "bar", "x": ["a"], "y": [1]}], "layout": {"title": {"text": "T"}}}


@pytest.mark.parametrize(
    ("text", "rest", "found"),
    [
        ("Done.\nDOWNLOAD_FILE:a.csv:text/csv:12\nBye", "Done.\nBye", CSV),
        ("DOWNLOAD_FILE:a.csv:text/csv:12", "", CSV),
        ("DOWNLOAD_FILE:a.csv:text/csv:12\r\nBye", "Bye", CSV),
        ("Here: DOWNLOAD_FILE:a.csv:text/csv:12", "Here:", CSV),
        ("Take DOWNLOAD_FILE:a.csv:text/csv:12 now", "Take  now", CSV),
        ("`DOWNLOAD_FILE:a.csv:text/csv:12`", "", CSV),
        ("- **DOWNLOAD_FILE:a.csv:text/csv:12**\n- more", "- more", CSV),
        ("x\n```\nDOWNLOAD_FILE:a.csv:text/csv:12\n```\ny", "x\ny", CSV),
        ("x\n\n```text\nDOWNLOAD_FILE:a.csv:text/csv:12\n```\n\ny", "x\n\ny", CSV),
        ("```py\nprint(1)\n```\nDOWNLOAD_FILE:a.csv:text/csv:12", "```py\nprint(1)\n```", CSV),
    ],
)
def test_a_marker_goes_with_what_surrounds_it(text, rest, found):
    assert Parser.extract_download_marker(text) == (rest, found)


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("vendas por região 2024.final.csv", "text/csv; charset=utf-8"),
        ("relatório: ação.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("12:30.svg", "image/svg+xml"),
        ("a.csv:5", "text/plain"),
        ("图表 📊.html", "text/html;charset=utf-8;x=1"),
        ("x" * 255 + ".csv", "text/csv"),
    ],
)
def test_names_and_types_of_every_kind_read_back(name, mime):
    text = f"Pronto!\n{marker(name, mime, 4_500_000)}\n"
    assert Parser.extract_download_marker(text) == (
        "Pronto!",
        {"filename": name, "mime_type": mime, "file_size": 4_500_000},
    )


@pytest.mark.parametrize(
    "text",
    [
        "DOWNLOAD_FILE:{filename}:{mime_type}:{size}",
        "DOWNLOAD_FILE:a.csv:text/csv:12MB",
        "DOWNLOAD_FILE:a.csv:text/csv:-1",
        "DOWNLOAD_FILE:a.csv:text/csv:",
        "DOWNLOAD_FILE:a.csv:textcsv:12",
        "DOWNLOAD_FILE::text/csv:12",
        "DOWNLOAD_FILE: :text/csv:12",
        "DOWNLOAD_FILE:a.csv:12",
        "DOWNLOAD_FILE:a.csv:text/csv:" + "9" * 30,
        "DOWNLOAD_FILE:../../etc/passwd:text/plain:12",
        "DOWNLOAD_FILE:c:\\windows\\a.csv:text/csv:12",
        "DOWNLOAD_FILE:a\x00.csv:text/csv:12",
        "DOWNLOAD_FILE:..:text/csv:12",
        "DOWNLOAD_FILE:a.csv\n:text/csv:12",
        "download_file:a.csv:text/csv:12",
        "DOWNLOAD_FILE:",
        "no marker",
        "",
    ],
)
def test_what_is_malformed_stays_in_the_text(text):
    assert Parser.extract_download_marker(text) == (text, None)
    assert extract_download_markers(f"{text}\nDOWNLOAD_FILE:a.csv:text/csv:12")[1] == [CSV]


def test_several_markers_come_in_order_and_the_single_one_is_the_first():
    text = "DOWNLOAD_FILE:a.csv:text/csv:12 DOWNLOAD_FILE:b.csv:text/csv:3\nok\nDOWNLOAD_FILE:c.csv:text/csv:4"
    rest, found = extract_download_markers(text)
    assert rest == "ok"
    assert [one["filename"] for one in found] == ["a.csv", "b.csv", "c.csv"]
    rest, first = Parser.extract_download_marker(text)
    assert first == CSV
    assert "b.csv" in rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (f"Look:\n```json\n{json.dumps(FIGURE, indent=2)}\n```\nNice.", "Look:\n\nNice."),
        (f"```plotly\n{json.dumps(FIGURE)}\n```", ""),
        (f"Look: {json.dumps(FIGURE)} Nice.", "Look:  Nice."),
        (f'{{"broken": {json.dumps(FIGURE)}', '{"broken":'),
    ],
)
def test_a_figure_is_found_fenced_or_bare(text, rest):
    assert Parser.extract_plotly_chart(text) == (rest, FIGURE)


@pytest.mark.parametrize(
    "text",
    [
        '{"data": [{"id": 1}]}',
        '{"data": []}',
        '{"data": [1]}',
        '{"data": {"x": 1}}',
        '{"data": [{"x": [1]}], "layout": 3}',
        '{"data": [{"x": [1]',
        "```json\n[1, 2]\n```",
        "{'data': [{'x': [1]}]}",
        '{"data": [{"x": __import__("os")}]}',
    ],
)
def test_what_is_no_figure_stays_in_the_text(text):
    assert Parser.extract_plotly_chart(text) == (text, None)


def test_numbers_that_json_lacks_are_null_in_the_figure():
    _, figure = Parser.extract_plotly_chart('{"data": [{"y": [1, NaN, Infinity]}]}')
    assert figure == {"data": [{"y": [1, None, None]}]}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Results saved to file: query_results_ab12.csv", "query_results_ab12.csv"),
        ("I exported the data to `/tmp/x/my chart.html`.", "my chart.html"),
        ("Arquivo salvo em: C:\\tmp\\gráfico.png", "gráfico.png"),
        ("O gráfico foi exportado para **vendas.xlsx**", "vendas.xlsx"),
        ("Saved as ../../secret.csv", "secret.csv"),
    ],
)
def test_a_file_that_was_saved_is_named_without_its_path(text, name):
    rest, found = Parser.extract_file_reference(f"Ok.\n{text}\nBye.")
    assert found == name
    assert name not in rest
    assert rest.startswith("Ok.")
    assert rest.endswith("Bye.")


@pytest.mark.parametrize("text", ["see a.csv", "saved a lot of time", "saved to disk", "Saved to .csv", ""])
def test_a_file_that_is_only_mentioned_is_none(text):
    assert Parser.extract_file_reference(text) == (text, None)


def test_everything_at_once():
    text = (
        f"Pronto.\nDOWNLOAD_FILE:a.csv:text/csv:12\n```json\n{json.dumps(FIGURE)}\n```\nSaved to file: b.csv\n"
        "DOWNLOAD_FILE:c d.csv:text/csv:3"
    )
    found = Parser.parse_response(text)
    assert found["text"] == "Pronto."
    assert (found["download"], found["chart"], found["file"]) == (CSV, FIGURE, "b.csv")
    assert [one["filename"] for one in found["downloads"]] == ["a.csv", "c d.csv"]


@pytest.mark.parametrize("value", [None, 5, b"DOWNLOAD_FILE", ["a"], {"data": [{"x": [1]}]}, "\ud800"])
def test_any_value_is_answered(value):
    assert Parser.parse_response(value)["download"] is None


PIECES = st.sampled_from(
    ["DOWNLOAD_FILE:", "a.csv", ":", "text/csv", "12", "\n", "```", "`", "{", '"data":[', '{"data":', "}", "]", '"x":',
     "saved to ", ".csv", " ", "[1]", "\\", "\ud800", "é", ";"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_no_text_makes_it_raise_or_invent(text):
    found = Parser.parse_response(text)
    assert len(found["text"]) <= len(text)
    for one in found["downloads"]:
        assert one["filename"] in text
        assert "/" not in one["filename"]
    if found["text"] != text.strip():
        assert found["downloads"] or found["chart"] or found["file"] or found["text"] == text


@given(st.text(st.characters(exclude_characters="/\\", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1))
def test_any_name_without_paths_reads_back(name):
    if name.strip(" .") and name.strip() == name and len(name) < 300:
        found = Parser.extract_download_marker(marker(name, "text/csv", 1))[1]
        assert found is not None
        assert found["filename"] == name
