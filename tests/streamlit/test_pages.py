"""What the pages draw, without a browser."""

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import prosa.streamlit
from prosa import demo
from prosa.streamlit import application, people  # noqa: F401 loaded beside the names

ROOT = Path(__file__).parents[2]
LOCKED = "⏳ Response is streaming... please wait"


def page(source, folder, principal=None, **more):
    import prosa.streamlit

    prosa.streamlit.render_chat_page(
        source, principal=principal, data_dir=f"{folder}/data", cache_dir=f"{folder}/cache", worker_questions=1, **more
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    (folder / "sales.csv").write_text("store,amount\nA,1.5\nB,2.5\n")
    return folder


@pytest.fixture
def opened(folder):
    """A fresh session of the page."""

    def opened(source="sales.csv", **more):
        given = {"source": str(folder / source), "folder": str(folder), **more}
        return AppTest.from_function(page, kwargs=given, default_timeout=60).run()

    return opened


def chat_of(at, doc="chat"):
    return people.sessions().find(at.session_state["prosa_session"], None).chat(doc)


def wait_until(come):
    while not come():
        time.sleep(0.01)


def wait(at, doc="chat"):
    """Waits for the answer that is on its way, then draws it."""
    run = chat_of(at, doc).run
    assert run is None or run.wait(60)
    return at.run()


def asked(at, question):
    return wait(at.chat_input[0].set_value(question).run())


def test_an_empty_page_has_a_title_and_a_free_input(opened):
    at = opened()
    assert not at.exception
    assert at.title[0].value == "Ask your data"
    assert (at.chat_input[0].placeholder, at.chat_input[0].disabled) == ("Ask about your data…", False)
    assert at.button(key="clear_chat").disabled


def test_a_question_locks_the_input_until_its_answer_is_there(opened):
    at = opened()
    gate = at.chat_input[0].set_value("total amount by store").run()
    assert gate.chat_message[0].name == "user"
    assert gate.chat_message[0].markdown[0].value == "total amount by store"
    at = wait(gate)
    assert not at.exception
    assert [message.name for message in at.chat_message] == ["user", "assistant"]
    assert not at.chat_input[0].disabled
    answer = at.chat_message[1]
    assert "✅ Plan ready (" in answer.caption[0].value
    assert answer.dataframe[0].value.shape == (2, 2)
    assert "SELECT" in answer.code[0].value
    assert not at.button(key="clear_chat").disabled


def test_while_an_answer_is_on_its_way_the_lock_says_so(folder):
    def held(folder):
        import prosa.streamlit

        def answer(question):
            import pathlib
            import time

            yield "Half"
            while not pathlib.Path(folder, "go").exists():
                time.sleep(0.01)

        prosa.streamlit.render_chat_page(answerer=answer, data_dir=f"{folder}/data", cache_dir=f"{folder}/cache")

    at = AppTest.from_function(held, kwargs={"folder": str(folder)}, default_timeout=60).run()
    at.chat_input[0].set_value("why?").run()
    assert (at.chat_input[0].placeholder, at.chat_input[0].disabled) == (LOCKED, True)
    assert at.button(key="clear_chat").disabled
    (folder / "go").touch()
    at = wait(at)
    assert not at.chat_input[0].disabled
    assert at.chat_message[1].markdown[0].value == "Half"


def test_elements_stand_in_one_order_while_an_answer_grows_and_when_it_is_done(folder):
    def growing(folder):
        import asyncio
        import pathlib
        import time

        import prosa.streamlit
        from prosa import events as e
        from prosa.results import Column

        class Agent:
            async def answer(self, question, context, emit):
                emit(e.StageStarted("plan"))
                emit(e.StageCompleted("plan", 3.0, "planned"))
                emit(e.Interpreted("Read so.", ()))
                emit(e.Sql("q1", "SELECT 1", "duckdb", "s"))
                emit(e.Table("t1", "q1", (Column("n", "integer"),), ((1,),), 1))
                emit(e.Text(0, "Half "))
                await asyncio.to_thread(released)
                emit(e.Text(0, "and half."))

        def released():
            while not pathlib.Path(folder, "go on").exists():
                time.sleep(0.01)

        prosa.streamlit.render_chat_page(answerer=Agent(), data_dir=f"{folder}/data", cache_dir=f"{folder}/cache")

    def kinds(at):
        drawn = [each for each in at.chat_message[1] if each.type in ("caption", "markdown", "expandable", "code")]
        return [each.type for each in drawn] + ["dataframe" for _ in at.chat_message[1].dataframe]

    at = AppTest.from_function(growing, kwargs={"folder": str(folder)}, default_timeout=60).run()
    at = at.chat_input[0].set_value("why?").run()
    wait_until(lambda: chat_of(at).run.answer().text)
    live = at.run()
    growing_kinds, words = kinds(live), live.chat_message[1].markdown[0].value
    assert words == "Half  ▌"
    (folder / "go on").touch()
    done = wait(at)
    assert kinds(done)[: len(growing_kinds) - 1] == growing_kinds[:-1]
    assert done.chat_message[1].markdown[0].value == "Half and half."


def test_keys_name_document_and_run(opened):
    at = asked(opened(), "SELECT store, amount FROM sales")
    run = at.chat_message[1] and chat_of(at).messages[1]["metadata"]["run"]
    keys = {each.key for each in at.button} | {each.proto.id.rpartition("-")[2] for each in at.get("download_button")}
    assert "clear_chat" in keys
    assert {f"export_chat_{format}" for format in ("txt", "md", "json")} <= keys
    assert f"dl_chat_{run}_bundle" in keys
    assert any(key.startswith(f"dl_chat_{run}_") and key.endswith("_csv") for key in keys)


def test_clear_begins_anew(opened):
    at = asked(opened(), "how many sales are there?")
    assert len(at.chat_message) == 2
    at.button(key="clear_chat").click().run()
    assert len(at.chat_message) == 0


def test_an_option_of_a_question_back_is_asked_when_it_is_chosen(folder):
    def asking_back(folder):
        import prosa.streamlit
        from prosa import events as e

        class Agent:
            async def answer(self, question, context, emit):
                if question.text == "sales":
                    emit(e.Clarification("Which sales?", (e.Option("in store", "sales in store"),)))
                else:
                    emit(e.Text(0, f"{question.text}, after {len(context.history)}"))

        prosa.streamlit.render_chat_page(answerer=Agent(), data_dir=f"{folder}/data", cache_dir=f"{folder}/cache")

    at = asked(AppTest.from_function(asking_back, kwargs={"folder": str(folder)}, default_timeout=60).run(), "sales")
    assert at.chat_message[1].markdown[0].value == "Which sales?"
    option = next(button for button in at.button if button.label == "in store")
    at = wait(option.click().run())
    assert at.chat_message[3].markdown[0].value == "sales in store, after 1"
    assert next(button for button in at.button if button.label == "in store").disabled


def test_what_data_says_loads_no_picture(folder):
    def evil(folder):
        import prosa.streamlit

        prosa.streamlit.render_chat_page(
            answerer=lambda question: "![x](http://evil/?q=1) and R$ 5 and R$ 6",
            data_dir=f"{folder}/data",
            cache_dir=f"{folder}/cache",
        )

    at = asked(
        AppTest.from_function(evil, kwargs={"folder": str(folder)}, default_timeout=60).run(), "![y](http://evil)"
    )
    for message in at.chat_message:
        assert all("![" not in markdown.value for markdown in message.markdown)
    assert "R\\$ 5" in at.chat_message[1].markdown[0].value


def test_the_principal_comes_before_anything_is_drawn(opened):
    at = opened(principal=lambda: None)
    assert at.error[0].value.startswith("This needs a sign-in.")
    assert len(at.title) == len(at.chat_input) == 0
    signed_in = opened(principal=lambda: "ana")
    assert len(signed_in.chat_input) == 1
    assert people.sessions().find(signed_in.session_state["prosa_session"], None).principal.user == "ana"


def test_a_principal_that_stops_the_script_leaves_an_empty_page(opened):
    def sign_in():
        import streamlit as st

        st.button("Sign in")
        st.stop()

    at = opened(principal=sign_in)
    assert not at.exception
    assert [button.label for button in at.button] == ["Sign in"]
    assert len(at.title) == len(at.chat_input) == 0


def test_portuguese_has_portuguese_words(opened):
    at = opened(locale="pt-BR")
    assert at.title[0].value == "Pergunte aos seus dados"
    at = asked(at, "total de amount por store")
    assert "✅ Plano pronto (" in at.chat_message[1].caption[0].value


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"worker_memroy": "1 GB"}, "worker_memroy"),
        ({"answerer": 5}, "int"),
        ({"url": "localhost:1"}, "PROSA_URL"),
    ],
)
def test_a_mistake_of_the_host_is_said_on_the_page(opened, more, words):
    at = opened(**more)
    assert not at.exception
    assert words in at.error[0].value


def test_data_that_cant_be_read_is_an_answer_that_says_so(opened):
    at = asked(opened("no_such.csv"), "how many?")
    assert not at.exception
    assert "no_such" in at.chat_message[1].markdown[0].value
    assert not at.chat_input[0].disabled


def test_an_empty_question_asks_nothing(opened):
    at = opened()
    at.chat_input[0].set_value("   ").run()
    assert len(at.chat_message) == 0


def test_many_messages_are_drawn_when_they_are_wished(folder):
    def echo(folder):
        import prosa.streamlit

        prosa.streamlit.render_chat_page(
            answerer=lambda question: question, data_dir=f"{folder}/data", cache_dir=f"{folder}/cache"
        )

    at = AppTest.from_function(echo, kwargs={"folder": str(folder)}, default_timeout=60).run()
    for number in range(11):
        at = asked(at, str(number))
    assert len(at.chat_message) == 20
    at.button(key="earlier_chat").click().run()
    assert len(at.chat_message) == 22


def test_a_data_frame_can_be_asked(folder):
    def frame(folder):
        import pandas as pd

        import prosa.streamlit

        prosa.streamlit.chat(
            pd.DataFrame({"store": ["A", "B"], "amount": [1, 2]}),
            data_dir=f"{folder}/data", cache_dir=f"{folder}/cache", worker_questions=1,
        )  # fmt: skip

    at = asked(AppTest.from_function(frame, kwargs={"folder": str(folder)}, default_timeout=60).run(), "total amount")
    assert "3" in at.chat_message[1].markdown[0].value


def test_the_packages_names_stay_functions_when_their_parts_are_loaded():
    for name in prosa.streamlit.__all__:
        assert callable(getattr(prosa.streamlit, name)), name


def test_the_script_for_community_cloud_opens_with_the_demo(tmp_path, monkeypatch):
    monkeypatch.setenv("PROSA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PROSA_CACHE_DIR", str(tmp_path / "cache"))
    at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    assert not at.exception
    assert at.title[0].value == "Ask your data"
    assert at.button(key="example_data_0").label == demo.examples("en")[0]
    assert at.multiselect[0].options == [demo.NAME]
    at.button(key="example_data_0").click().run()
    at = wait(at, "data")
    assert not at.exception
    assert at.chat_message[1].dataframe


def test_community_cloud_needs_nothing_of_the_system():
    assert (ROOT / "packages.txt").read_bytes() == b""
    assert (ROOT / "requirements.txt").read_text().strip() == "-e .[documents,streamlit]"


def test_signs_that_pictures_can_not_show_are_told_beside_the_downloads(opened):
    at = asked(opened(), "SELECT 'Tokyo 東京' AS city, 1 AS n UNION ALL SELECT 'Oslo', 2")
    assert not at.exception
    assert [one.value for one in at.caption if "東京" in one.value] == ["The fonts of pictures lack these signs: 東京"]
    plain = asked(opened(), "SELECT 'Oslo' AS city, 1 AS n UNION ALL SELECT 'Rio', 2")
    assert not [one.value for one in plain.caption if "lack" in one.value]
