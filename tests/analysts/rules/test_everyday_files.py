"""One Portuguese spreadsheet as people keep them, asked from beginning to end: headers with units, yes-or-no columns,
months without a year."""

import pytest

import prosa

SALES = """Nº Pedido;Data da Venda;Loja;Vendedor(a);Qtd;Valor Total (R$);Entregue
00001;16/06/2024;Belém;João;7;R$ 70,00;sim
00002;03/06/2025;Belém;Conceição;1;R$ 1.210,50;sim
00003;04/07/2025;Niterói;João;9;R$ 90,00;não
00004;20/08/2025;Niterói;Conceição;2;R$ 800,00;sim
"""


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("everyday")
    (folder / "vendas.csv").write_text(SALES, "cp1252")
    places = {"cache_dir": str(folder / "cache"), "data_dir": str(folder / "data")}
    return lambda question: prosa.ask(folder / "vendas.csv", question, as_of="2026-11-21", **places)


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("valor total por loja", (("Belém", 1280.5), ("Niterói", 890))),
        ("média do valor por loja", (("Belém", 640.25), ("Niterói", 445))),
        ("top 1 loja por valor total", (("Belém", 1280.5),)),
        ("quantidade por loja", (("Niterói", 11), ("Belém", 8))),
        ("quantas vendas entregues?", ((3,),)),
        ("faturamento da Conceição em junho", ((1210.5,),)),
        ("total sales by store", (("Belém", 1280.5), ("Niterói", 890))),
    ],
)
def test_a_portuguese_spreadsheet_is_asked(answer, question, rows):
    given = answer(question)
    assert given.status == "answered", given.text
    assert given.table.rows == rows


def test_a_month_without_a_year_is_the_last_one_in_the_data_and_that_is_said(answer):
    assert any(notice.code == "data_ends" for notice in answer("valor total em junho").notices)


def test_counting_the_groups_that_reach_something_is_told_as_one_number(answer):
    given = answer("quantas lojas têm mais de 1 venda?")
    assert given.status == "answered", given.text
    assert given.table.rows == ((2,),)
    assert "2" in given.text
