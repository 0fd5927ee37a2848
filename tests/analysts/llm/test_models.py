"""The one setting that names a model: each provider is made from it, with its key from the environment alone."""

import subprocess
import sys

import pytest

from prosa.analysts.llm import ModelChoice, models
from prosa.errors import ConfigError

KEYED = {
    "openai": ("OPENAI_API_KEY", "https://api.openai.com/v1/"),
    "openai-responses": ("OPENAI_API_KEY", "https://api.openai.com/v1/"),
    "anthropic": ("ANTHROPIC_API_KEY", "https://api.anthropic.com"),
    "google": ("GOOGLE_API_KEY", "https://generativelanguage.googleapis.com/"),
}
LOCAL = {
    "vLLM": "http://localhost:8000/v1",
    "llama.cpp": "http://localhost:8080/v1",
    "LM Studio": "http://localhost:1234/v1",
}


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    """An environment that knows no provider."""
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OLLAMA_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "OLLAMA_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("provider", KEYED)
def test_a_provider_is_made_with_its_key_and_its_own_address(monkeypatch, provider):
    variable, address = KEYED[provider]
    monkeypatch.setenv(variable, "secret-key")
    made = models.make(ModelChoice(f"{provider}:some-model"))
    assert made.model_name == "some-model"
    assert made.base_url.rstrip("/") == address.rstrip("/")
    assert "secret-key" not in repr(ModelChoice(f"{provider}:some-model"))


@pytest.mark.parametrize("provider", KEYED)
@pytest.mark.parametrize(("locale", "says"), [("en", "There is no key for"), ("pt-BR", "Não há uma chave para")])
def test_a_missing_key_is_named_with_its_variable(provider, locale, says):
    with pytest.raises(ConfigError) as caught:
        models.make(ModelChoice(f"{provider}:some-model"))
    assert caught.value.sentence(locale).startswith(says)
    assert KEYED[provider][0] in caught.value.hint(locale)


@pytest.mark.parametrize("server", LOCAL)
def test_a_server_of_ones_own_needs_no_key(server):
    made = models.make(ModelChoice("openai:qwen3", LOCAL[server]))
    assert made.base_url.rstrip("/") == LOCAL[server]


def test_ollama_is_looked_for_on_this_machine_or_where_its_variable_says(monkeypatch):
    assert models.make(ModelChoice("ollama:qwen3")).base_url.rstrip("/") == "http://localhost:11434/v1"
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://gpu.example/v1")
    assert models.make(ModelChoice("ollama:qwen3")).base_url.rstrip("/") == "http://gpu.example/v1"
    made = models.make(ModelChoice("ollama:qwen3", "http://other.example/v1"))
    assert made.base_url.rstrip("/") == "http://other.example/v1"


@pytest.mark.parametrize("name", ["", "gpt-5", "openai:", ":x", "nobody:x", "OpenAI:x"])
def test_a_setting_that_names_no_model_lists_the_providers(name):
    with pytest.raises(ConfigError) as caught:
        models.make(ModelChoice(name))
    assert caught.value.code == "model_setting"
    assert all(provider in caught.value.hint() for provider in models.KEYS)


@pytest.mark.parametrize("url", ["gpu:8000/v1", "ana:hidden-word@gpu/v1", "ftp://gpu/v1"])
def test_an_address_that_is_none_is_told_without_repeating_it(url):
    with pytest.raises(ConfigError) as caught:
        models.make(ModelChoice("openai:x", url))
    assert caught.value.code == "model_url"
    assert url not in caught.value.sentence() + caught.value.hint()
    assert models.make(ModelChoice("openai:x", "http://localhost:8000/v1"))


def test_every_provider_has_a_maker_and_a_line_in_the_docs():
    from pathlib import Path

    page = (Path(__file__).parents[3] / "docs" / "models.md").read_text("utf-8")
    assert all(f"`{provider}:" in page for provider in models.KEYS)
    assert all(variable in page for variable in models.KEYS.values() if variable != "OLLAMA_API_KEY")


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=300)


def test_nothing_of_the_extra_is_loaded_before_a_question_needs_it(tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text("store,amount\na,1\nb,2\n", "utf-8")
    done = run(
        "import sys, prosa\n"
        f"answer = prosa.ask({str(file)!r}, 'total amount', model='openai:x', model_url='http://127.0.0.1:9/v1',"
        f" cache_dir={str(tmp_path / 'c')!r}, data_dir={str(tmp_path / 'd')!r})\n"
        "print(answer.status, [name for name in ('pydantic_ai', 'openai', 'anthropic') if name in sys.modules])\n"
    )
    assert done.stdout.strip() == "answered []", done.stderr


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_missing_package_is_said_in_a_sentence(tmp_path, provider):
    missing = "pydantic_ai" if provider == "openai" else "anthropic"
    file = tmp_path / "sales.csv"
    file.write_text("store,amount\na,1\nb,2\n", "utf-8")
    done = run(
        f"import os, sys, prosa\nsys.modules[{missing!r}] = None\nos.environ['ANTHROPIC_API_KEY'] = 'k'\n"
        f"answer = prosa.ask({str(file)!r}, 'what is it?', model='{provider}:x', model_url='http://127.0.0.1:9/v1',"
        f" analyst='llm', cache_dir={str(tmp_path / 'c')!r}, data_dir={str(tmp_path / 'd')!r})\n"
        "print(answer.failure.message, answer.failure.hint)\n"
    )
    assert "needs the extra llm" in done.stdout, done.stderr
    assert "prosa[llm]" in done.stdout


@pytest.mark.parametrize(("name", "temperature"), [("gpt-4o", 0.0), ("qwen3", 0.0), ("gpt-5", None)])
async def test_a_model_that_reasons_is_sent_no_temperature(provider, asked, replies, monkeypatch, name, temperature):
    """The layer over it would warn on every call, and here warnings are errors."""
    monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
    provider.replies = [replies["plan"](), replies["say"]("Done.")]
    answer, _ = await asked(model=f"openai:{name}")
    assert answer.text == "Done.", answer.failure
    assert [request.get("temperature") for request in provider.asked] == [temperature] * 2
