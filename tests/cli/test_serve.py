"""`prosa serve` and `prosa demo` as real processes, spoken to over HTTP."""

import re
import signal
import socket
import subprocess
import sys

import httpx
import pytest


@pytest.fixture
def server(environment, tmp_path):
    """Starts a server and reads what it prints until it says how to end it."""
    running = []

    def start(*words, **variables):
        process = subprocess.Popen(
            [sys.executable, "-m", "prosa", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            cwd=tmp_path,
            env={**environment, "PROSA_BROWSER": "false", **variables},
            start_new_session=True,
        )
        running.append(process)
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        return process, said

    yield start
    for process in running:
        process.terminate()
        process.communicate(timeout=60)


def link(said):
    return re.search(r"http://\S+", said)[0]


def test_the_link_signs_in_one_browser(server, sales):
    _, said = server("serve", sales, "--port", "0")
    with httpx.Client(follow_redirects=True) as browser:
        assert browser.get(link(said)).status_code == 200
        base = link(said).partition("?")[0]
        assert [source["name"] for source in browser.get(f"{base}api/sources").json()] == ["sales"]
        assert httpx.get(f"{base}api/sources").status_code == 401
        assert "text/html" in browser.get(base).headers["content-type"]


def test_ctrl_c_ends_it_well(server, sales):
    process, _ = server("serve", sales, "--port", "0")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.strip()) == (0, "Stopped.")


def test_a_token_of_ones_own(server, sales):
    token = "a-token-for-this-test"
    _, said = server("serve", sales, "--port", "0", "--token", token)
    base = link(said).partition("?")[0]
    assert httpx.get(f"{base}api/sources", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_without_sign_in_it_says_what_that_means(server, sales):
    _, said = server("serve", sales, "--port", "0", "--no-auth", "--lang", "pt")
    assert "?token=" not in said
    assert "não protege nada" in said
    assert httpx.get(f"{link(said)}api/sources").status_code == 200


def test_the_settings_file_counts(server, sales, tmp_path):
    (tmp_path / "prosa.toml").write_text(f"[server]\nport = 0\nauth = false\n[sources]\nshop = '{sales.name}'\n")
    _, said = server("serve", "--config", "prosa.toml")
    assert httpx.get(f"{link(said)}api/sources").json()[0]["name"] == "shop"


@pytest.mark.parametrize("words", [["--host", "0.0.0.0"], ["--host", "0.0.0.0", "--no-auth"]])
def test_the_network_is_refused_without_a_token_of_ones_own(prosa, sales, words):
    done = prosa("serve", sales, "--port", "0", *words)
    assert done.returncode == 2
    assert "0.0.0.0" in done.stderr
    assert done.stdout == ""


def test_more_than_one_server_process_is_refused_with_the_reason(prosa, sales):
    done = prosa("serve", sales, "--port", "0", "--workers", "2")
    assert done.returncode == 2
    assert "--workers 2" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_a_taken_port_is_one_sentence(prosa, sales):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = prosa("serve", sales, "--port", other.getsockname()[1])
    assert done.returncode == 2
    assert "--port" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_the_demo_answers_its_own_examples(server):
    _, said = server("demo", "--port", "0", "--no-auth")
    example = said.partition("Try for example:\n")[2].splitlines()[0].strip()
    answer = httpx.post(
        f"{link(said)}api/ask", json={"question": example}, headers={"Accept": "application/json"}, timeout=60
    ).json()
    assert answer["status"] == "answered"
    assert answer["tables"]
