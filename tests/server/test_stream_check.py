"""`/api/stream-check` and `prosa doctor`, alone and through a real nginx that lets streams through, holds them back or
compresses them."""

import json
import os
import shutil
import socket
import subprocess
import time

import httpx
import pytest

from prosa.cli import main

ANA = "ana-token-0123456789"

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Connection "";
  server {{
    listen 127.0.0.1:{port};
    location /open/ {{ proxy_pass {upstream}/; }}
    location /held/ {{ proxy_pass http://127.0.0.1:{inner}/; }}
    location /passed/ {{ proxy_pass http://127.0.0.1:{inner}/; proxy_buffering off; }}
    location /squeezed/ {{
      proxy_pass {upstream}/; gzip on; gzip_types text/event-stream; gzip_proxied any; gzip_min_length 0;
    }}
    location /elsewhere/ {{ return 200 "hello"; }}
  }}
  server {{
    listen 127.0.0.1:{inner};
    chunked_transfer_encoding off;
    location / {{ proxy_pass {upstream}; }}
  }}
}}
"""


@pytest.fixture(scope="module")
def nginx(server, tmp_path_factory):
    """The address of an nginx before the server."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs nginx (apt-get install nginx)")
    folder = tmp_path_factory.mktemp("nginx")
    with socket.socket() as one, socket.socket() as other:
        ports = []
        for free in (one, other):
            free.bind(("127.0.0.1", 0))
            ports.append(free.getsockname()[1])
    port, inner = ports
    file = folder / "nginx.conf"
    file.write_text(CONFIGURATION.format(folder=folder, port=port, inner=inner, upstream=server.url))
    with subprocess.Popen([program, "-p", str(folder), "-c", str(file)], stderr=subprocess.PIPE, text=True) as process:
        address = f"http://127.0.0.1:{port}"
        _until_it_answers(address, process)
        yield address
        process.terminate()


def _until_it_answers(address, process):
    for _ in range(200):
        try:
            httpx.get(f"{address}/elsewhere/")
            return
        except httpx.TransportError:
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.02)
    pytest.fail("nginx did not start")


@pytest.fixture
def doctor(capsys, monkeypatch, tmp_path):
    """Runs `prosa doctor`: its exit code and its lines."""
    monkeypatch.setenv("PROSA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def run(url, *options, token=ANA):
        code = main(["doctor", url, *(["--token", token] if token else []), *options])
        said = capsys.readouterr()
        return code, said.out.splitlines(), said.err

    return run


def frames(lines):
    return (json.loads(line[6:]) for line in lines if line.startswith("data: "))


def test_each_frame_waits_until_the_one_before_was_seen(ana, server):
    seen = []
    with server.client("ana") as other, ana.stream("GET", "/api/stream-check", params={"patience": 30}) as reply:
        assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert reply.headers["x-accel-buffering"] == "no"
        for frame in frames(reply.iter_lines()):
            seen.append(frame)
            if "check" in frame:
                assert other.post(f"/api/stream-check/{frame['check']}/{frame['step']}").status_code == 204
    assert [frame.get("step") for frame in seen] == [1, 2, 3, None]
    assert seen[-1] == {"streams": True}


def test_frames_that_nobody_has_seen_mean_that_nothing_streams(ana):
    reply = ana.get("/api/stream-check", params={"patience": 0.1})
    first, last = frames(reply.text.splitlines())
    assert (first["step"], last) == (1, {"streams": False})
    assert ana.post(f"/api/stream-check/{first['check']}/1").status_code == 404, "it is over"


def test_a_check_is_nobody_elses_and_needs_a_sign_in(ana, bia, nobody):
    assert nobody.get("/api/stream-check").status_code == 401
    assert nobody.post("/api/stream-check/x/1").status_code == 401
    with ana.stream("GET", "/api/stream-check", params={"patience": 30}) as reply:
        lines = reply.iter_lines()
        first = next(frames(lines))
        assert bia.post(f"/api/stream-check/{first['check']}/1").status_code == 404
        assert bia.post(f"/api/stream-check/{first['check']}/9").status_code == 422
        assert bia.get("/api/stream-check", params={"patience": 1e9}).status_code == 422


def test_the_doctor_finds_a_server_well(doctor, server):
    code, lines, _ = doctor(server.url)
    assert code == 0
    assert lines == [
        f"✓ {server.url} answers.",
        "✓ You are let in; 1 source can be asked.",
        "✓ Answers stream: every frame came when it was sent.",
    ]
    assert doctor(server.url.removeprefix("http://"))[0] == 0


def test_the_doctor_speaks_portuguese(doctor, server):
    code, lines, _ = doctor(server.url, "--lang", "pt-BR")
    assert code == 0
    assert lines[-1] == "✓ As respostas fluem: cada quadro chegou quando foi enviado."


@pytest.mark.parametrize(("token", "says"), [("", "wants a sign-in"), ("wrong-token-0123456789", "does not know")])
def test_the_doctor_tells_who_is_not_let_in(doctor, server, token, says):
    code, lines, _ = doctor(server.url, token=token)
    assert code == 4
    assert says in lines[1]
    assert lines[1].startswith("✗")
    assert not any(token and token in line for line in lines)


def test_the_doctor_tells_where_nobody_answers(doctor):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        code, lines, _ = doctor(f"http://127.0.0.1:{free.getsockname()[1]}")
    assert code == 4
    assert "can't be reached" in lines[0]
    code, _, error = doctor("ftp://example.org")
    assert (code, "no address of a server" in error) == (2, True)


def test_nginx_lets_streams_through_as_it_comes(doctor, nginx):
    """Its buffering is on, and our `X-Accel-Buffering: no` switches it off."""
    code, lines, _ = doctor(f"{nginx}/open")
    assert (code, lines[-1]) == (0, "✓ Answers stream: every frame came when it was sent.")


def test_nginx_that_holds_streams_back_is_found_out(doctor, nginx):
    """The outer of two in a row: the inner one keeps our `X-Accel-Buffering` for itself."""
    code, lines, _ = doctor(f"{nginx}/held")
    assert code == 4
    assert lines[-2].startswith("✗ Something between the server and here holds streams back")
    assert "proxy_buffering off" in lines[-1]


def test_the_same_nginx_without_buffering_is_well(doctor, nginx):
    code, lines, _ = doctor(f"{nginx}/passed")
    assert (code, lines[-1]) == (0, "✓ Answers stream: every frame came when it was sent.")


def test_nginx_that_compresses_streams_is_found_out(doctor, nginx):
    code, lines, _ = doctor(f"{nginx}/squeezed")
    assert code == 4
    assert "compresses streams (gzip)" in lines[-2]


def test_another_server_is_none_of_ours(doctor, nginx):
    code, lines, _ = doctor(f"{nginx}/elsewhere")
    assert code == 4
    assert "it is no Prosa" in lines[0]


@pytest.mark.parametrize(
    ("place", "body"),
    [
        ("/api/ask", {"question": "hang"}),
        ("/api/ai-sdk", {"id": "c", "messages": [{"role": "user", "parts": [{"type": "text", "text": "hang"}]}]}),
        ("/api/agui", {"threadId": "t", "runId": "r", "messages": [{"role": "user", "content": "hang"}]}),
        ("/v1/chat/completions", {"model": "prosa", "stream": True, "messages": [{"role": "user", "content": "hang"}]}),
    ],
)
def test_every_wire_streams_through_nginx(server, nginx, place, body):
    """The first frames are here while the run still hangs, and its end comes when it is stopped."""
    headers = {"authorization": f"Bearer {ANA}"}
    with httpx.stream("POST", f"{nginx}/open{place}", json=body, headers=headers, timeout=60) as reply:
        lines = reply.iter_lines()
        first = next(line for line in lines if line.startswith("data: "))
        assert first
        with server.client("ana") as ana:
            ana.post(f"/api/runs/{reply.headers['prosa-run']}/cancel")
        assert list(lines)
