"""A host application's page with a chat whose agent is slow, and beside it the page that everybody writes first.

Run by Streamlit with a folder as its argument. An answer of words stops before its last one until there is a file of
the question's name in that folder, so that a test does what it likes in the middle of it.
"""

import asyncio
import sys
import time
from pathlib import Path

import streamlit as st

from prosa.errors import ModelError
from prosa.events import Text
from prosa.exports.downloads import bound
from prosa.exports.markers import marker
from prosa.streamlit import render_chat_page

FOLDER = Path(sys.argv[1])
WORDS = [f"word{number}" for number in range(60)]


class Agent:
    """Answers `NAME long`, `NAME fail`, `NAME file` and, with one word, anything else."""

    async def answer(self, question, context, emit):
        name, _, kind = question.text.partition(" ")
        if kind in ("long", "fail"):
            await self.slowly(name, kind, emit)
        elif kind == "file":
            made = bound().add("report", "csv", "text/csv", b"a,b\r\n1,2\r\n")
            emit(Text(0, f"Here it is.\n{marker(made, 'text/csv', 10)}\n"))
        else:
            emit(Text(0, f"Echo of {question.text} about {','.join(question.documents)}"))

    async def slowly(self, name, kind, emit):
        for word in WORDS[:-1]:
            emit(Text(0, f"{word} "))
            await asyncio.sleep(0.01)
        await asyncio.to_thread(released, name)
        if kind == "fail":
            raise ModelError(what="the line broke")
        emit(Text(0, WORDS[-1]))


def released(name):
    """Waits for the test; not beyond its end, when the folder is gone or says so."""
    while FOLDER.exists() and not (FOLDER / name).exists() and not (FOLDER / "over").exists():
        time.sleep(0.01)


def naive():
    """The question in the script, the answer streamed by the script."""
    st.session_state.setdefault("messages", [])
    for role, content in st.session_state.messages:
        st.chat_message(role).write(content)
    if question := st.chat_input("Ask"):
        st.session_state.messages.append(("user", question))
        st.chat_message("user").write(question)
        with st.chat_message("assistant"):
            answer = st.write_stream(words(question.partition(" ")[0]))
        st.session_state.messages.append(("assistant", answer))


def words(name):
    for word in WORDS[:-1]:
        yield f"{word} "
        time.sleep(0.01)
    released(name)
    yield WORDS[-1]


st.sidebar.button("Elsewhere", key="elsewhere")
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.sidebar.text(f"run {st.session_state['runs']}")

if "naive" in st.query_params:
    naive()
else:
    user = st.query_params.get("user")
    render_chat_page(
        title="Contracts",
        documents={"alpha": "The first", "beta": "The second"},
        answerer=Agent(),
        principal=(lambda: user) if user else None,
        data_dir=str(FOLDER / "data"),
        cache_dir=str(FOLDER / "cache"),
    )
