"""The model's words: gathered into sentences, made harmless, their numbers checked and corrected."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prosa.analysts.llm.sentences import LONGEST, LONGEST_ANSWER, Gatherer, harmless


def gathered(*deltas):
    gatherer = Gatherer()
    found = [sentence for delta in deltas for sentence in gatherer.add(delta)]
    return [*found, *filter(None, [gatherer.rest()])]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It is 1.234,56 reais. Mais.", ["It is 1.234,56 reais.", "Mais."]),
        ("Dr. Ana sold 3. Bob none.", ["Dr. Ana sold 3.", "Bob none."]),
        ("He said “so.” Then left.", ["He said “so.”", "Then left."]),
        ("A line\nanother", ["A line", "another"]),
        ("No. 5 is first, e.g. here. End", ["No. 5 is first, e.g. here.", "End"]),
        ("", []),
    ],
)
def test_sentences_end_where_people_end_them(text, sentences):
    assert gathered(text) == sentences


@given(st.text(max_size=300), st.integers(1, 20))
def test_deltas_may_be_split_anywhere(text, size):
    whole = " ".join(" ".join(gathered(text)).split())
    split = " ".join(" ".join(gathered(*(text[at : at + size] for at in range(0, len(text), size)))).split())
    assert whole == split == " ".join(text.split())


def test_a_sentence_without_end_is_cut_and_an_answer_without_end_too():
    found = gathered(*["word " * 100] * 50)
    assert max(map(len, found)) <= LONGEST
    assert sum(map(len, found)) <= LONGEST_ANSWER


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("See ![x](http://evil.example/?q=1) here", "See x here"),
        ("See [the site](https://evil.example) now", "See the site now"),
        ("Go to https://evil.example/a?b=c now", "Go to now"),
        ("www.evil.example is bad", "is bad"),
        ("<img src=x onerror=alert(1)>Hi", "Hi"),
        ("# Title", "Title"),
        ("- item", "item"),
        ("**38** orders, 3 < 5", "**38** orders, 3 < 5"),
        ("A minus -5 stays", "A minus -5 stays"),
    ],
)
def test_what_could_carry_data_away_is_taken_out(said, shown):
    assert harmless(said) == shown


async def test_a_wrong_number_is_corrected_before_it_is_shown(provider, asked, replies):
    provider.replies = [replies["plan"](), replies["say"]("Grão sold 9,999."), replies["say"]("Grão sold 3,678.")]
    answer, _ = await asked()
    assert answer.text == "Grão sold 3,678."
    assert "9,999" in json.dumps(provider.asked[2]["messages"])
    assert all(span.confirmed for block in answer.blocks for span in block.spans)


async def test_a_wrong_number_that_stays_wrong_is_marked(provider, asked, replies):
    provider.replies = [replies["plan"](), replies["say"]("Grão sold 9,999."), replies["say"]("It is 8,888 in all.")]
    answer, _ = await asked()
    assert answer.text == "Grão sold 9,999."
    assert [span.confirmed for span in answer.blocks[0].spans] == [False]


async def test_corrections_are_few(provider, asked, replies):
    wrong = replies["say"]("It is 9,991. ", "It is 9,992. ", "It is 9,993. ", "It is 9,994.")
    provider.replies = [replies["plan"](), wrong, replies["say"]("It is 9,995.")]
    answer, _ = await asked()
    assert len(provider.asked) == 4
    assert [span.confirmed for span in answer.blocks[0].spans] == [False] * 4


async def test_words_are_in_the_language_of_the_question(provider, asked, replies):
    provider.replies = [replies["plan"](), replies["say"]("Grão vem primeiro, com 3.678.")]
    answer, _ = await asked("faturamento por loja, por favor")
    assert answer.blocks[0].spans[0].confirmed
    assert "Brazilian Portuguese" in json.dumps(provider.asked[0]["messages"])
    assert "Brazilian Portuguese" in json.dumps(provider.asked[1]["messages"])
