"""Every construct that the analyst understands, one question a language, with the rows that both engines must give."""

import pytest

MONTHS = ["2025-01-01", "2025-02-01", "2025-03-01", "2025-06-01"]
BY_STORE = [("Centro", 690.0), ("Camden", 300.0), ("Ribeira", 196.0)]
DEAREST = [("Coffee", "Decaf"), ("Equipment", "Grinder"), ("Tea", "Green Tea")]

LISTS = [
    ("list the stores", "liste as lojas", [("Centro",), ("Ribeira",), ("Camden",)]),
    ("what is the city of Camden?", "qual é a cidade da loja Camden?", [("London",)]),
    ("second most expensive product", "segundo produto mais caro", [("Kettle",)]),
    ("newest customer", "cliente mais recente", ["Eva Rocha"]),
    ("oldest customer", "cliente mais antigo", ["Ana Souza"]),
    ("last order", "último pedido", [(8, "2025-06-30", 1, 1, "completed")]),
    ("first order of Carla Nunes", "o primeiro pedido de Carla Nunes", [(3, "2025-01-15", 2, 3, "completed")]),
    (
        "first order of each customer",
        "primeiro pedido de cada cliente",
        [
            ("Ana Souza", "2024-11-05"),
            ("Bruno Lima", "2024-12-20"),
            ("Carla Nunes", "2025-01-15"),
            ("David Smith", "2025-02-10"),
        ],
    ),
]
TOTALS = [
    ("how many customers are there?", "quantos clientes há?", [(5,)]),
    (
        "how many different countries do customers live in?",
        "em quantos países diferentes moram os clientes?",
        [(3,)],
    ),
    ("total quantity", "quantidade total", [(25,)]),
    ("average price of products", "preço médio dos produtos", [(61.666667,)]),
    ("lowest price", "menor preço", [(20.0,)]),
    ("highest price", "maior preço", [(150.0,)]),
    ("median price of products", "mediana do preço dos produtos", [(42.5,)]),
    (
        "what percentage of revenue comes from Centro?",
        "qual o percentual do faturamento que vem da loja Centro?",
        [(0.581788,)],
    ),
    ("average number of orders per customer", "número médio de pedidos por cliente", [(2.0,)]),
    ("average number of items per order", "média de itens por pedido", [(1.5,)]),
    ("ratio of returns to orders", "razão entre devoluções e pedidos", [(0.25,)]),
]
GROUPS = [
    ("revenue by store", "faturamento por loja", BY_STORE),
    (
        "revenue by store and year",
        "faturamento por loja e ano",
        [("Centro", 2024, 330.0), ("Camden", 2025, 300.0), ("Centro", 2025, 360.0), ("Ribeira", 2025, 196.0)],
    ),
    (
        "share of revenue by store",
        "participação de cada loja no faturamento",
        [("Centro", 690.0, 0.581788), ("Camden", 300.0, 0.252951), ("Ribeira", 196.0, 0.165261)],
    ),
    ("REVENUE BY STORE", "FATURAMENTO POR LOJA", BY_STORE),
    (
        "customers with more than one order",
        "clientes com mais de um pedido",
        ["Ana Souza", "Bruno Lima", "Carla Nunes"],
    ),
    ("stores with revenue above 200", "lojas com faturamento acima de 200", BY_STORE[:2]),
    ("compare revenue of Centro and Camden", "compare o faturamento de Centro e Camden", BY_STORE[:2]),
    ("Centro vs Camden revenue", "faturamento do Centro versus Camden", BY_STORE[:2]),
    ("compare revenue by store", "compare o faturamento por loja", BY_STORE),
    (
        "revenue against target by store in 2025",
        "faturamento versus meta por loja em 2025",
        [("Centro", 360.0, 220.0), ("Camden", 300.0, None), ("Ribeira", 196.0, 150.0)],
    ),
    ("most returned products", "produtos mais devolvidos", [("Black Tea", 1), ("Green Tea", 1)]),
    # An order with two items of one category counts once.
    (
        "number of orders by category",
        "número de pedidos por categoria",
        [("Coffee", 4), ("Equipment", 4), ("Tea", 3)],
    ),
]
CONDITIONS = [
    ("cancelled orders", "pedidos cancelados", [(4, "2025-01-20", 1, 1, "cancelled")]),
    ("Brazilian customers", "clientes brasileiros", ["Ana Souza", "Bruno Lima", "Eva Rocha"]),
    ("products above 90", "produtos acima de 90", ["Grinder"]),
    ("products above ninety", "produtos acima de noventa", ["Grinder"]),
    ("products between 40 and 90", "produtos entre 40 e 90", ["Espresso Blend", "Decaf", "Kettle"]),
    ("products whose name contains tea", "produtos cujo nome contém tea", ["Green Tea", "Black Tea"]),
    ("customers whose name starts with A", "clientes cujo nome começa com A", ["Ana Souza"]),
    ("customers who are not from Brazil", "clientes que não são do Brasil", ["Carla Nunes", "David Smith"]),
    ("customers without email", "clientes sem e-mail", ["Bruno Lima"]),
    ("customers from Porto or London", "clientes de Porto ou London", ["Carla Nunes", "David Smith"]),
    ("customers from sao paulo", "clientes de sao paulo", ["Ana Souza", "Eva Rocha"]),
    ("orders above 0.2 thousand", "pedidos acima de 0,2 mil", [(5, 300.0), (1, 230.0)]),
    ("products above the average price", "produtos acima do preço médio", ["Grinder", "Kettle"]),
    (
        "products cheaper than average",
        "produtos mais baratos que a média",
        ["Espresso Blend", "Decaf", "Green Tea", "Black Tea"],
    ),
]
TIME = [
    ("revenue in 2024", "faturamento em 2024", [(330.0,)]),
    ("revenue in the first quarter of 2025", "faturamento no primeiro trimestre de 2025", [(666.0,)]),
    ("revenue in March 2025", "faturamento em março de 2025", [(205.0,)]),
    ("orders per week in February 2025", "pedidos por semana em fevereiro de 2025", [("2025-02-10", 1)]),
    (
        "orders per day in March 2025",
        "pedidos por dia em março de 2025",
        [("2025-03-05", 1), ("2025-03-18", 1)],
    ),
    ("revenue last month", "faturamento do mês passado", [(190.0,)]),
    ("revenue last quarter", "faturamento do último trimestre", [(190.0,)]),
    ("revenue since March 2025", "faturamento desde março de 2025", [(395.0,)]),
    ("revenue year to date", "faturamento no acumulado do ano", [(856.0,)]),
    (
        "revenue by month in 2025",
        "faturamento por mes em 2025",
        list(zip(MONTHS, [161.0, 300.0, 205.0, 190.0], strict=True)),
    ),
    (
        "revenue this year against last year",
        "faturamento deste ano contra o ano passado",
        [(2024, 330.0, None), (2025, 856.0, 1.593939)],
    ),
    (
        "compare 2024 and 2025 revenue",
        "faturamento de 2024 versus 2025",
        [(2024, 330.0, None), (2025, 856.0, 1.593939)],
    ),
    (
        "revenue growth by month in 2025",
        "crescimento do faturamento por mês em 2025",
        list(zip(MONTHS, [161.0, 300.0, 205.0, 190.0], [None, 0.863354, -0.316667, None], strict=True)),
    ),
]
ORDERS = [
    ("top 2 stores by revenue", "as 2 lojas com maior faturamento", BY_STORE[:2]),
    ("bottom 2 stores by revenue", "as 2 lojas com menor faturamento", BY_STORE[:0:-1]),
    ("which store sold most?", "qual loja vendeu mais?", BY_STORE[:1]),
    ("which store sold least?", "qual loja vendeu menos?", BY_STORE[-1:]),
    ("the largest order", "maior pedido", [(5, 300.0)]),
    ("the 2 largest orders", "os 2 maiores pedidos", [(5, 300.0), (1, 230.0)]),
    ("rank the stores by revenue", "ranking das lojas por faturamento", BY_STORE),
    ("top 1 product per category by price", "o produto mais caro de cada categoria", DEAREST),
    (
        "the two most expensive products of each category",
        "os 2 produtos mais caros de cada categoria",
        [
            ("Coffee", "Decaf"),
            ("Coffee", "Espresso Blend"),
            ("Equipment", "Grinder"),
            ("Equipment", "Kettle"),
            ("Tea", "Green Tea"),
            ("Tea", "Black Tea"),
        ],
    ),
]
SETS = [
    ("products bought by Carla Nunes", "produtos comprados por Carla Nunes", ["Green Tea", "Black Tea", "Kettle"]),
    ("customers without any orders", "clientes sem nenhum pedido", ["Eva Rocha"]),
    ("customers who never bought", "clientes que nunca compraram", ["Eva Rocha"]),
    (
        "products that were never returned",
        "produtos que nunca foram devolvidos",
        ["Espresso Blend", "Decaf", "Grinder", "Kettle"],
    ),
    (
        "customers who bought both Kettle and Espresso Blend",
        "clientes que compraram tanto Kettle quanto Espresso Blend",
        ["Ana Souza"],
    ),
    (
        "customers who bought either Grinder or Decaf",
        "clientes que compraram ou Grinder ou Decaf",
        ["Ana Souza", "Bruno Lima", "David Smith"],
    ),
    (
        "customers who bought Kettle but not Grinder",
        "clientes que compraram Kettle mas não Grinder",
        ["Carla Nunes"],
    ),
]


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize(("english", "portuguese", "rows"), [*LISTS, *TOTALS, *CONDITIONS, *TIME, *SETS])
def test_a_construct_gives_these_rows(shop, language, english, portuguese, rows):
    found = shop.rows(english if language == "en" else portuguese)
    assert sorted(found) == sorted(_tuples(rows))


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize(("english", "portuguese", "rows"), [*GROUPS, *ORDERS])
def test_a_construct_gives_these_rows_in_this_order(shop, language, english, portuguese, rows):
    assert shop.rows(english if language == "en" else portuguese) == _tuples(rows)


@pytest.mark.parametrize("question", ["revenue by store as a pie chart", "faturamento por loja em gráfico de pizza"])
def test_a_wish_for_a_chart_is_taken_beside_the_rows(shop, question):
    assert shop.rows(question) == BY_STORE
    assert shop.plan(question).chart.kind == "pie"


@pytest.mark.parametrize(
    "question",
    [
        "average number of customers per store",
        "número médio de produtos por pedido",
        "compare stores",
        "return rate by product",
        "taxa de devolução por produto",
        "cancellation rate by store",
        "median order",
        "mediana dos pedidos",
    ],
)
def test_an_average_or_a_comparison_that_cannot_be_made_is_refused_and_no_other_number_told(shop, refused, question):
    assert refused(shop.plan(question)).words


def _tuples(rows):
    """Rows of one column may be written as the bare values."""
    return [row if isinstance(row, tuple) else (row,) for row in rows]
