"""Sessions are found by an unguessable id, by nobody else, and stay bounded."""

from prosa.identity import Principal
from prosa.streamlit.sessions import MOST_CHATS, Sessions


def test_a_session_is_found_again_by_its_id_alone():
    sessions = Sessions()
    mine, other = sessions.open(None), sessions.open(None)
    assert sessions.find(mine.id, None) is mine
    assert mine.id != other.id
    assert mine.principal.user != other.principal.user
    assert sessions.find("guessed", None) is None


def test_where_users_are_known_an_id_is_not_enough(ana, bia):
    sessions = Sessions()
    mine = sessions.open(ana)
    assert sessions.find(mine.id, ana) is mine
    assert sessions.find(mine.id, bia) is None
    assert mine.principal == Principal("ana", session=mine.id)


def test_what_groups_a_person_has_is_asked_each_time():
    sessions = Sessions()
    mine = sessions.open(Principal("ana", frozenset({"finance"})))
    assert sessions.find(mine.id, Principal("ana")).principal.groups == frozenset()


def test_a_visitor_who_comes_back_after_a_restart_is_the_same():
    first, again = Sessions(), Sessions()
    visitor = first.open(None)
    assert again.open(None, visitor.id).principal == visitor.principal
    assert again.open(None, "short").id != "short"


def test_a_persons_id_in_an_address_makes_nobody_that_person(ana):
    assert Sessions().open(None, Sessions().open(ana).id).principal.user.startswith("visitor-")
    taken = Sessions()
    mine = taken.open(None)
    assert taken.open(ana, mine.id).id != mine.id


def test_the_longest_idle_session_goes_first_and_none_that_works(fed):
    now = [0.0]
    sessions = Sessions(most=2, clock=lambda: now[0])
    stream = fed()
    working, idle = sessions.open(None), None
    working.chat("data").ask("why?", lambda: stream)
    for now[0] in (1.0, 2.0, 3.0):
        idle, before = sessions.open(None), idle
    assert sessions.find(working.id, None) is working
    assert sessions.find(before.id, None) is None
    assert sessions.find(idle.id, None) is idle
    assert len(sessions) == 2
    stream.end()


def test_each_document_has_a_chat_of_its_own(fed):
    session = Sessions().open(None)
    stream = fed()
    session.chat("a").ask("why?", lambda: stream)
    assert session.chat("a").active
    assert not session.chat("b").active
    assert session.chat("b").messages == []
    for number in range(MOST_CHATS + 5):
        session.chat(f"doc{number}")
    assert session.chat("a").active
    stream.end()


def test_clearing_forgets_the_messages_and_stops_the_run(fed):
    session = Sessions().open(None)
    stream = fed()
    session.chat("a").ask("why?", lambda: stream)
    run = session.chat("a").run
    session.clear("a")
    assert run.wait(10)
    assert stream.stopped
    assert session.chat("a").messages == []
