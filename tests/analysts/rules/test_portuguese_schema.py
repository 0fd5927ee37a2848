"""A schema with Portuguese names, asked in both languages: the bridge works both ways."""

import pytest


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("quantos livros existem?", [(4,)]),
        ("how many books are there?", [(4,)]),
        ("livros por gênero", [("romance", 3), ("contos", 1)]),
        ("books by genre", [("romance", 3), ("contos", 1)]),
        ("preço médio dos livros", [(46.375,)]),
        ("average price of books", [(46.375,)]),
        ("autores do Brasil", [("Clarice Lispector",), ("Jorge Amado",)]),
        ("authors from Brazil", [("Clarice Lispector",), ("Jorge Amado",)]),
        ("qual autor tem mais livros?", [("Clarice Lispector", 2)]),
        ("which author has the most books?", [("Clarice Lispector", 2)]),
        ("livros com mais de 200 páginas", [("Ensaio sobre a Cegueira",), ("Capitães da Areia",)]),
        ("books with more than 200 pages", [("Ensaio sobre a Cegueira",), ("Capitães da Areia",)]),
        ("livros publicados depois de 1970", [("A Hora da Estrela",), ("Ensaio sobre a Cegueira",)]),
        ("o livro mais caro", [("Ensaio sobre a Cegueira",)]),
        ("most expensive book", [("Ensaio sobre a Cegueira",)]),
        ("livros sem empréstimos", [("Laços de Família",)]),
        ("books without loans", [("Laços de Família",)]),
        ("empréstimos por mês", [("2024-12-01", 1), ("2025-01-01", 1), ("2025-02-01", 2)]),
        ("loans by month", [("2024-12-01", 1), ("2025-01-01", 1), ("2025-02-01", 2)]),
        ("títulos dos livros de Saramago", [("Ensaio sobre a Cegueira",)]),
        ("titles of books by José Saramago", [("Ensaio sobre a Cegueira",)]),
        ("total de páginas por gênero", [("romance", 680), ("contos", 136)]),
    ],
)
def test_names_are_understood_across_languages(library, question, rows):
    assert library.rows(question) == rows
