"""`prosa doctor`: one small question to the model, over real HTTP, and what is wrong in one sentence."""

import datetime
import socket
import ssl
import threading

import pytest

from prosa.cli import main


@pytest.fixture
def doctor(capsys, monkeypatch, settings):
    """Runs `prosa doctor` with the provider's settings, changed by name: its exit code and its lines."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def run(*options, **changed):
        for name, value in {**settings, **changed}.items():
            monkeypatch.setenv(f"PROSA_{name.upper()}", value)
        code = main(["doctor", *options])
        said = capsys.readouterr()
        assert "secret-key" not in said.out + said.err
        assert "Traceback" not in said.out + said.err
        return code, said.out.splitlines()

    return run


@pytest.fixture
def ready(replies):
    """The model calls the tool that it was offered."""
    return replies["call"]("ready", {"ready": True})


PLACES = {"openai": "/v1", "openai-responses": "/v1", "anthropic": ""}


@pytest.mark.parametrize("name", PLACES)
def test_a_model_that_answers_is_well_and_was_asked_once(doctor, provider, ready, name):
    provider.replies = [ready]
    url = provider.url.removesuffix("/v1") + PLACES[name]
    code, lines = doctor(model=f"{name}:fake", model_url=url)
    assert code == 0, lines
    assert lines[0].startswith(f"✓ The model is {name}:fake, asked at {url}")
    assert lines[1] == "✓ It answers and calls tools; the question took 120 tokens."
    assert len(provider.asked) == 1
    assert "secret-key" in provider.keys[0]


def test_without_a_model_all_is_well(doctor, provider):
    code, lines = doctor(model="", model_url="")
    assert code == 0
    assert lines[0] == "✓ No language model is set up: the rules answer by themselves."
    assert provider.asked == []


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (401, "does not accept the key"),
        (403, "does not accept the key"),
        (404, "does not know this model"),
        (402, "no credit left"),
        (429, "takes no more requests"),
        (500, "did not answer: HTTP 500."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_tried_once(doctor, provider, replies, status, says):
    provider.replies = [replies["Reply"](status=status, headers={"retry-after": "30"})]
    code, lines = doctor()
    assert code == 4
    assert lines[1].startswith("✗")
    assert says in lines[1]
    assert len(provider.asked) == 1


def test_the_same_in_portuguese(doctor, provider, replies):
    provider.replies = [replies["Reply"](status=401)]
    code, lines = doctor("--lang", "pt-BR")
    assert code == 4
    assert lines[1] == "✗ O provedor do modelo não aceita a chave."


def test_a_key_that_is_missing_is_named_before_anything_is_sent(doctor, provider, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    code, lines = doctor(model_url="")
    assert (code, lines[0]) == (4, "✗ There is no key for openai.")
    assert "OPENAI_API_KEY" in lines[1]
    assert provider.asked == []


def test_a_setting_that_is_no_model_is_named(doctor):
    code, lines = doctor("--model", "gpt-5")
    assert (code, lines[0]) == (4, "✗ gpt-5 is no model that can be used.")


def test_a_model_that_only_talks_is_of_no_use(doctor, provider, replies):
    provider.replies = [replies["say"]("I am ready.")]
    code, lines = doctor()
    assert code == 4
    assert "does not call the tool" in lines[1]


def test_a_server_that_is_not_there_can_not_be_reached(doctor):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        code, lines = doctor(model_url=f"http://127.0.0.1:{free.getsockname()[1]}/v1")
    assert (code, lines[1]) == (4, "✗ The language model can't be reached.")


def test_a_model_that_says_nothing_is_too_slow(doctor, provider, replies):
    provider.replies = [replies["Reply"](hang=True)]
    code, lines = doctor(model_time="0.5")
    assert (code, lines[1]) == (4, "✗ The language model took too long.")


def test_a_password_in_the_address_is_not_shown(doctor, provider, ready):
    provider.replies = [ready]
    code, lines = doctor(model_url=provider.url.replace("//", "//ana:hidden-word@"))
    assert code == 0
    assert not any("hidden-word" in line for line in lines)


def test_https_where_only_http_is_spoken_is_told(doctor, provider):
    code, lines = doctor(model_url=provider.url.replace("http:", "https:"))
    assert (code, lines[1]) == (4, "✗ The secure connection to the language model failed.")


def test_a_certificate_that_nobody_vouches_for_is_told(doctor, self_signed):
    code, lines = doctor(model_url=f"https://localhost:{self_signed}/v1")
    assert (code, lines[1]) == (4, "✗ The secure connection to the language model failed.")


@pytest.fixture
def self_signed(tmp_path):
    """The port of a server whose certificate is its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path / "both.pem"))
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(1)
            except OSError:
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def _certificate(path):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(secret + made.public_bytes(pem))
    return path
