"""A question that says of neither whether it is meant for rows or for papers goes where it is answered."""

from pathlib import Path

import pytest

from prosa.analysts.rules import RulesAnalyst
from prosa.documents import Index, Limits
from prosa.events import Sources, Sql, Table
from prosa.identity import LOCAL
from prosa.pipeline import StagedPipeline
from prosa.question import Context, Question
from prosa.workers.databases import Databases
from prosa.workers.documents import Documents
from prosa.workers.pool import Workers

HERE = Path(__file__).parent
PRODUCTS = "product_id,product,category,price,cost,sold_on\n"
INVOICES = "invoice_id,customer,store,amount,discount,issued_on,status\n"
CUSTOMERS, STORES, STATES = ("Porto", "Sul", "Norte"), ("Centro", "Batel"), ("paid", "open", "late")


@pytest.fixture(scope="module")
async def pipeline(tmp_path_factory):
    """Invoices and products beside a cleaner's contract in both languages."""
    folder = tmp_path_factory.mktemp("both")
    days = [f"2025-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(60)]
    (folder / "invoices.csv").write_text(
        INVOICES
        + "".join(
            f"{n},{CUSTOMERS[n % 3]},{STORES[n % 2]},{n * 7}.5,{n % 5},{d},{STATES[n % 3]}\n"
            for n, d in enumerate(days)
        )
    )
    (folder / "products.csv").write_text(
        PRODUCTS + "".join(f"{n},Item {n},{'AB'[n % 2]},{n}.9,{n}.1,{d}\n" for n, d in enumerate(days))
    )

    class Kept:
        def put(self, *_):
            pass

    async with Workers(cache_dir=folder / "cache") as workers:
        with Index(folder / "index.db") as index:
            documents = Documents(workers, index, limits=Limits(), time_limit=60)
            for name in ("contract.md", "contrato.md"):
                documents.add(name, str(HERE / name))
            sources = [(name, str(folder / f"{name}.csv")) for name in ("invoices", "products")]
            yield StagedPipeline(
                workers=workers, databases=Databases(workers, sources), documents=documents,
                analysts={"rules": RulesAnalyst()}, results=Kept(),
            )  # fmt: skip


async def asked(pipeline, question):
    events = []
    await pipeline.answer(Question(question), Context(LOCAL, "run-1"), events.append)
    return events


def marked(events):
    """The sentence that the best passage was cited for."""
    [sources] = [event for event in events if isinstance(event, Sources)]
    best = sources.passages[0]
    return best.passage[best.start : best.end]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What is the monthly price?", "R$ 4,800"),
        ("monthly price", "R$ 4,800"),
        ("What is the price per store?", "R$ 4,800"),
        ("When are invoices paid?", "within 20 days"),
        ("What does a late payment cost?", "2 percent"),
        ("How many months does the contract run?", "24 months"),
        ("How many days' notice?", "90 days"),
        ("Who pays for broken equipment?", "Lumen pays"),
        ("preço mensal", "R$ 4.800"),
        ("Qual é o preço por loja?", "R$ 4.800"),
        ("Quando as faturas são pagas?", "até 20 dias"),
        ("Quanto custa o atraso?", "2 por cento"),
        ("Quantos meses vale o contrato?", "24 meses"),
        ("Quantos dias de aviso?", "90 dias"),
        ("Quem paga equipamentos quebrados?", "A Lumen paga"),
    ],
)
async def test_what_a_document_answers_is_not_lost_to_the_data(pipeline, question, said):
    events = await asked(pipeline, question)
    assert said in marked(events)
    assert not any(isinstance(event, Sql) for event in events)


@pytest.mark.parametrize(
    "question",
    [
        "How many invoices are there?", "invoices by month", "total amount per store", "late invoices",
        "how many invoices are late?", "how many stores are there?", "amount by month", "average price",
        "average price by category", "top 3 invoices by amount", "which customer has the highest amount?",
        "Quantas faturas existem?", "faturas por mês", "valor total por loja", "faturas atrasadas",
        "quantas faturas estão atrasadas?", "qual loja tem mais faturas atrasadas?", "quantas lojas existem?",
        "valor por mês", "preço médio", "preço médio por categoria", "número de faturas por cliente",
    ],
)  # fmt: skip
async def test_what_the_data_answer_is_not_lost_to_a_document(pipeline, question):
    events = await asked(pipeline, question)
    assert any(isinstance(event, Table) for event in events)
    assert not any(isinstance(event, Sources) for event in events)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What does the contract say about late payment, and how many invoices are late?", "2 percent"),
        ("How many invoices are there, and what does the contract say about the notice?", "90 days"),
        ("O que diz o contrato sobre o atraso, e quantas faturas existem?", "2 por cento"),
        ("Quantas faturas existem? O que diz o contrato sobre as janelas?", "uma vez por mês"),
    ],
)
async def test_what_needs_both_is_answered_from_both(pipeline, question, said):
    events = await asked(pipeline, question)
    assert said in marked(events)
    assert any(isinstance(event, Table) for event in events)
