"""Wishes for files and charts in a person's words: what is one, what is none, and what of the question stays."""

import json
import os
from pathlib import Path

import pytest

from prosa.analysts.base import Classification
from prosa.charts.style import ChartWish
from prosa.identity import LOCAL
from prosa.pipeline.classify import classify
from prosa.pipeline.wishes import wishes
from prosa.question import Context, Question


@pytest.mark.parametrize(
    ("text", "formats", "of"),
    [
        ("export this as Excel", ("xlsx",), "result"),
        ("exportar gráfico em CSV", ("csv",), "chart"),
        ("quero um gráfico interativo em HTML", ("html",), "chart"),
        ("baixa tudo", (), "everything"),
        ("download everything", (), "everything"),
        ("Can you save it as a PDF file, please?", ("pdf",), "result"),
        ("I'd like an excel spreadsheet", ("xlsx",), ""),
        ("me manda isso em planilha", ("xlsx",), "result"),
        ("export as csv and excel", ("csv", "xlsx"), ""),
        ("salva em CSV, Excel e Parquet", ("csv", "xlsx", "parquet"), ""),
        ("baixa tudo em json lines", ("ndjson",), "everything"),
        ("export all charts as PNG", ("png",), "charts"),
        ("todos os gráficos em svg", ("svg",), "charts"),
        ("baixar o gráfico", (), "chart"),
        ("exportar a conversa em markdown", ("markdown",), "conversation"),
        ("csv", ("csv",), ""),
        ("export this as a Word document", ("docx",), "result"),
        ("can you give me that as a spreadsheet?", ("xlsx",), "result"),
        ("gera um excel disso", ("xlsx",), "result"),
        ("me envia o csv", ("csv",), ""),
        ("salvar como imagem", ("png",), ""),
        ("export the data behind the chart as csv", ("csv",), "chart"),
        ("exporta os dados do gráfico em csv", ("csv",), "chart"),
        ("quero baixar em CSV e em HTML", ("csv", "html"), ""),
    ],
)
def test_a_wish_for_files_about_the_last_answer(text, formats, of):
    found = wishes(text)
    assert (found.alone, found.export, found.formats, found.of, found.chart) == (True, True, formats, of, None)


@pytest.mark.parametrize(
    ("text", "chart"),
    [
        ("as a pie chart", ChartWish("pie")),
        ("gráfico de pizza", ChartWish("pie")),
        ("em barras horizontais", ChartWish("bar", lying=True)),
        ("deixa em colunas verticais", ChartWish("bar", lying=False)),
        ("log scale", ChartWish(log=True)),
        ("use a escala logarítmica", ChartWish(log=True)),
        ("linear scale please", ChartWish(log=False)),
        ("in dark", ChartWish(dark=True)),
        ("no tema escuro", ChartWish(dark=True)),
        ("now light mode", ChartWish(dark=False)),
        ("em linhas", ChartWish("line")),
        ("draw it as a donut", ChartWish("pie")),
        ('with the title "Sales 2025"', ChartWish(title="Sales 2025")),
        ("com o título Vendas por loja em 2025", ChartWish(title="Vendas por loja em 2025")),
        ("title: Receita", ChartWish(title="Receita")),
        ("the title should be Sales of coffee", ChartWish(title="Sales of coffee")),
        ("call it My chart, in dark", ChartWish(title="My chart", dark=True)),
        ("as an area chart with log scale, titled «Ímpar»", ChartWish("area", "Ímpar", log=True)),
        ("show the chart", ChartWish()),
        ("use a logarithmic y axis", ChartWish(log=True)),
        ("remove the log scale", ChartWish(log=False)),
        ("sem escala log", ChartWish(log=False)),
        ("back to light", ChartWish(dark=False)),
        ("volta pro tema claro", ChartWish(dark=False)),
        ("without dark mode", ChartWish(dark=False)),
        ("put the title Store revenue on it", ChartWish(title="Store revenue")),
        ("change the title to Sales, in dark", ChartWish(title="Sales", dark=True)),
        ("põe o título Vendas do ano", ChartWish(title="Vendas do ano")),
        ("muda o título para Receita anual", ChartWish(title="Receita anual")),
    ],
)
def test_a_wish_for_the_chart_of_the_last_answer(text, chart):
    found = wishes(text)
    assert (found.alone, found.export, found.chart) == (True, False, chart)


def test_a_chart_and_its_file_at_once():
    found = wishes("with the title Sales of coffee as png")
    assert (found.alone, found.formats, found.chart) == (True, ("png",), ChartWish(title="Sales of coffee"))
    found = wishes("gráfico de pizza em HTML e em Excel")
    assert (found.alone, found.formats, found.of, found.chart) == (True, ("html", "xlsx"), "", ChartWish("pie"))


@pytest.mark.parametrize(
    ("text", "rest", "formats", "chart"),
    [
        ("revenue by store as a pie chart", "revenue by store", (), ChartWish("pie")),
        ("receita por loja em barras horizontais", "receita por loja", (), ChartWish("bar", lying=True)),
        ("revenue by month with log scale", "revenue by month", (), ChartWish(log=True)),
        ("receita por loja em excel", "receita por loja", ("xlsx",), None),
        ("top 5 customers and export it as csv", "top 5 customers", ("csv",), None),
        ("exporta a receita por loja em csv", "a receita por loja", ("csv",), None),
        ("sales by line in csv", "sales by line", ("csv",), None),
        ('books titled "Emma" as csv', 'books titled "Emma"', ("csv",), None),
        (
            'revenue by store as a pie chart, in dark mode, titled "My sales" as png',
            "revenue by store",
            ("png",),
            ChartWish("pie", "My sales", dark=True),
        ),
    ],
)
def test_a_question_that_ends_in_a_wish(text, rest, formats, chart):
    found = wishes(text)
    assert (found.alone, found.rest.strip(), found.formats, found.chart) == (False, rest, formats, chart)
    assert len(found.rest) == len(text)
    assert found.rest.index(rest) == text.index(rest)


def test_a_file_without_a_format_is_a_wish_where_the_verb_is_none_of_the_data():
    assert wishes("download the sales by month").rest.strip() == "the sales by month"
    assert wishes("download the sales by month").export
    assert wishes("revenue by store and export it").export


@pytest.mark.parametrize(
    "text",
    [
        "exports by country",
        "export value by country in 2020",
        "show me the columns",
        "mostre as linhas",
        "mostre as colunas",
        'customers named "Ana"',
        'books with the title "Emma"',
        "how many orders are in this table",
        "quantos clientes em São Paulo?",
        "products in the dark",
        "average price of images",
        'sales in stores named "Excel"',
        "how many files did users download",
        "Give the title of the course offered in Chandler",
        "Show the title and director for all films",
        "and the title of the course?",
        "layouts that have been used in a text file",
        "mostre o título dos livros",
        "plot revenue by month",
        "change in the title of books",
        "remove the dark products",
        "how many orders have no log",
        "vendas em clientes sem escala",
        "data of the graph database",
        "SELECT 1",
        "",
        "💥" * 1000,
    ],
)
def test_a_question_without_a_wish_stays_as_it_is(text):
    found = wishes(text)
    assert (found.alone, found.export, found.chart, found.rest) == (False, False, None, text)


@pytest.mark.parametrize(
    ("text", "intent"), [("export this as Excel", "export"), ("em pizza", "chart"), ("receita em excel", "data")]
)
def test_the_intent_says_so(text, intent):
    found = classify(Question(text), Context(LOCAL, "r"))
    assert isinstance(found, Classification)
    assert found.intent == intent


QUESTIONS = Path(__file__).parents[2] / "../shared/data/nl2sql"


@pytest.mark.corpus
@pytest.mark.skipif(not QUESTIONS.exists() and "CI" not in os.environ, reason="no data folder beside the project")
def test_thousands_of_questions_about_data_are_no_wishes():
    asked = [
        question for file in QUESTIONS.glob("*.json") for question in questions(json.loads(file.read_text("utf-8")))
    ]
    assert len(asked) > 10_000
    assert [text for text in asked if wishes(text).rest != text or wishes(text).alone] == []


def questions(items):
    for item in items:
        yield from (value for name, value in item.items() if name.startswith("question") and isinstance(value, str))
