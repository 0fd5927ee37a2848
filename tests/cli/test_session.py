"""A conversation in a real terminal (a pseudo-terminal of the test's own)."""

import codecs
import os
import select
import subprocess
import sys
import time
from contextlib import suppress

import pytest

fcntl = pytest.importorskip("fcntl", reason="a system without pseudo-terminals")
pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")

PROMPT = "› "
DEADLINE = 60


class Terminal:
    """A person at a terminal: types lines, sees what comes until the next prompt."""

    def __init__(self, words, folder, environment):
        self.waiting, self.decoder = "", codecs.getincrementaldecoder("utf-8")()
        self.file, other = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "prosa", *map(str, words)],
            stdin=other,
            stdout=other,
            stderr=other,
            cwd=folder,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(other)

    def see(self, word=PROMPT, seconds=DEADLINE):
        """What comes up to and with a word; what comes behind it waits."""
        until = time.monotonic() + seconds
        while word not in self.waiting:
            assert time.monotonic() < until, self.waiting
            if select.select([self.file], [], [], 1)[0]:
                self.waiting += self.decoder.decode(os.read(self.file, 65536))
        seen, word, self.waiting = self.waiting.partition(word)
        return seen + word

    def type(self, text):
        os.write(self.file, text.encode())

    def interrupt(self):
        """Ctrl-C, as a person presses it at the prompt: again where nothing comes, since readline misses the one that
        arrives between its prompt and its wait."""
        for _ in range(DEADLINE):
            self.type("\x03")
            with suppress(AssertionError):
                return self.see("Stopped.", seconds=2)
        raise AssertionError(self.waiting)

    def ask(self, line):
        self.type(line + "\n")
        self.see("\n")
        return self.see()

    def leave(self, farewell="\x04"):
        self.type(farewell)
        return self.process.wait(DEADLINE)


@pytest.fixture
def terminal(environment, tmp_path):
    opened = []

    def start(*words, **variables):
        opened.append(Terminal(words, tmp_path, {**environment, "TERM": "xterm", **variables}))
        return opened[-1]

    yield start
    for one in opened:
        one.process.kill()
        one.process.wait()
        os.close(one.file)


def test_questions_commands_and_the_end(terminal, sales, tmp_path):
    person = terminal("ask", sales, "--no-color")
    person.see()
    assert "655.75" in person.ask("total revenue")
    assert "SUM(" in person.ask(":sql")
    assert "rows written to" in person.ask("SELECT * FROM sales") + person.ask(":export all.csv")
    assert (tmp_path / "all.csv").read_bytes().count(b"\r\n") == 6
    assert "measure" in person.ask(":sources")
    assert ":export FILE" in person.ask(":help")
    assert person.leave() == 0


def test_mistakes_do_not_end_it(terminal, sales):
    person = terminal("ask", sales)
    person.see()
    assert "There is no SQL yet" in person.ask(":sql")
    assert "There is no command :nope" in person.ask(":nope")
    assert "name is missing" in person.ask(":export")
    assert "can't be written" in person.ask(":export x.xyz") + person.ask("total revenue") + person.ask(":export x.xyz")
    assert person.ask("")
    assert "655.75" in person.ask("total revenue")
    assert person.leave(":quit\n") == 0


def test_ctrl_c_stops_the_question_and_not_the_conversation(terminal, tmp_path):
    (tmp_path / "many.csv").write_text("n\n" + "\n".join(map(str, range(30_000))) + "\n")
    person = terminal("ask", "many.csv")
    person.see()
    person.type("SELECT count(*) FROM many a, many b, many c WHERE a.n + b.n + c.n = 7\n")
    person.see("Running the query")
    person.type("\x03")
    assert "Stopped." in person.see()
    assert "30,000" in person.ask("SELECT count(*) AS n FROM many")
    person.interrupt()
    person.see()
    assert person.leave() == 0


def test_the_stages_are_alive_and_coloured(terminal, sales):
    person = terminal("ask", sales, "total revenue")
    assert "\x1b[32m✓" in person.see("655.75.")


def test_a_dumb_terminal_gets_plain_lines(terminal, sales):
    person = terminal("ask", sales, "total revenue", TERM="dumb", NO_COLOR="1")
    seen = person.see("655.75.")
    assert "\x1b" not in seen
    assert "✓ Planning" in seen
