"""Schemas whose names mislead: counts called like their table, keys called like a name, verbs near a column."""

import pytest
from tests.analysts.rules.conftest import asked


@pytest.mark.parametrize("question", ["how many degrees in 2000?", "quantos degrees em 2000?"])
def test_a_table_that_counts_by_itself_is_added_up(campuses, question):
    assert campuses.rows(question) == [(150,)]


def test_the_most_of_what_counts_by_itself_is_the_greatest_sum(campuses):
    assert campuses.rows("which year has the most degrees?") == [(2000, 150)]
    assert campuses.rows("how many campuses are there?") == [(3,)]


def test_a_key_called_like_the_table_it_points_at_is_shown_by_name(campuses):
    assert campuses.rows("number of degrees by campus in 2000") == [("North Campus", 100), ("Pomona Campus", 50)]


def test_a_key_called_otherwise_stays_a_number(campuses):
    assert campuses.rows("home campus id of players") != []


def test_a_verb_near_a_column_shows_nothing(campuses):
    rows = campuses.rows("what campuses are located in the county of Los Angeles?")
    assert sorted(rows) == [("North Campus",), ("Pomona Campus",)]
    assert campuses.rows("what is the location of Chico Campus?") == [("Oroville",)]


def test_whose_columns_they_are_is_not_one_of_them(campuses):
    rows = campuses.rows("what are the colleges and goals for players in the Defender position?")
    assert sorted(rows) == [("Duke", 3), ("Maryland", 2)]


@pytest.mark.parametrize(
    "question", ["players who have not been assigned to repair machines", "players not assigned to repair machines"]
)
def test_a_denial_reaches_over_the_bridge(campuses, question):
    assert sorted(campuses.rows(question)) == [("Bo",), ("Cy",)]


def test_what_is_shared_by_two_kinds_of_rows(campuses):
    rows = campuses.rows(
        "which colleges are shared by players with position Defender and players with position Midfielder?"
    )
    assert rows == [("Duke",)]


def test_numbers_that_a_row_has_once_are_not_averaged(campuses):
    rows = campuses.rows("position and goals for each player")
    assert sorted(rows) == [("Defender", 2), ("Defender", 3), ("Midfielder", 5)]


def test_values_may_stand_before_what_is_grouped(campuses):
    rows = campuses.rows("number of degrees for each Los Angeles campus")
    assert rows == [("North Campus", 220), ("Pomona Campus", 50)]


def test_an_unknown_name_is_never_left_out(campuses, refused):
    assert "Zuleika" in refused(campuses.plan("how many degrees has Zuleika Dobson?")).words
    assert campuses.rows("how many degrees has North Campus?") == [(220,)]


def test_a_portuguese_word_for_a_name_of_several_finds_it_whatever_of_them_says_nothing(tmp_path_factory):
    script = """
    CREATE TABLE orchestras (orchestra_id INTEGER PRIMARY KEY, orchestra TEXT, record_company TEXT);
    INSERT INTO orchestras VALUES (1, 'Royal', 'Decca'), (2, 'London', 'EMI');
    """
    bands = asked(script, tmp_path_factory, "orchestras")
    assert bands.rows("gravadoras das orquestras") == bands.rows("record companies of the orchestras")
    assert sorted(bands.rows("gravadoras das orquestras")) == [("Decca",), ("EMI",)]
