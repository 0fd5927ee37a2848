"""Settings come from options, environment, file and defaults, in that order; what can't be used is refused by name."""

from pathlib import Path

import pytest

from prosa import config
from prosa.errors import ConfigError


@pytest.fixture
def write(tmp_path):
    def to_file(text):
        path = tmp_path / "prosa.toml"
        path.write_text(text, "utf-8")
        return path

    return to_file


def refused(**arguments):
    with pytest.raises(ConfigError) as caught:
        config.read(**{"environ": {}, **arguments})
    return caught.value


def test_without_anything_the_defaults_hold(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    settings = config.read(environ={})
    assert (settings.host, settings.port, settings.run_time_limit) == ("127.0.0.1", 8765, 120.0)


def test_the_strongest_word_wins(write):
    file = write("[server]\nport = 1\nhost = 'a'\n[runs]\nruns_total = 7\n")
    environ = {"PROSA_PORT": "2", "PROSA_HOST": "b"}
    settings = config.read({"--port": "3"}, file=file, environ=environ)
    assert (settings.port, settings.host, settings.runs_total) == (3, "b", 7)


def test_the_environment_may_name_the_file(write):
    assert config.read(environ={"PROSA_CONFIG": str(write("[server]\nport = 4\n"))}).port == 4


def test_a_persons_own_file_is_found(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    config.own_file().parent.mkdir(parents=True)
    config.own_file().write_text("[server]\nport = 5\n")
    assert config.read(environ={}).port == 5


def test_a_whole_file(write):
    file = write(
        """
        locale = "pt"
        [server]
        trusted_proxy = ["10.0.0.0/8", "::1"]
        allowed_origins = ["https://example.org"]
        max_upload = "1 GB"
        [runs]
        run_time_limit = "1.5 min"
        [sources]
        sales = "data/*.csv"
        web = "https://example.org/x.csv"
        [[users]]
        name = "ana"
        token_sha256 = "%s"
        groups = ["finance"]
        """
        % ("AB" * 32)
    )
    settings = config.read(file=file, environ={})
    assert settings.locale == "pt-BR"
    assert settings.trusted_proxy == ("10.0.0.0/8", "::1")
    assert (settings.max_upload, settings.run_time_limit) == (1 << 30, 90.0)
    assert settings.sources == {"sales": str(file.parent / "data/*.csv"), "web": "https://example.org/x.csv"}
    assert settings.users == (config.User("ana", "ab" * 32, ("finance",)),)


@pytest.mark.parametrize(
    ("text", "code", "line", "says"),
    [
        ("\n[server]\nprot = 1\n", "config_unknown", 3, "Did you mean port?"),
        ("[sevrer]\nport = 1\n", "config_unknown", 1, "Did you mean server?"),
        ("locael = 'en'\n", "config_unknown", 1, "Did you mean locale?"),
        ("[runs]\nport = 1\n", "config_section", 2, "Move it to [server]."),
        ("[runs]\nlocale = 'en'\n", "config_section_top", 2, "above the first [section]"),
        ("[server]\nhost='a'\nport = 'many'\n", "config_not_number", 3, "not many"),
        ("[server]\nport = 1.5\n", "config_not_whole", 2, "whole number"),
        ("[server]\nport = true\n", "config_not_number", 2, "port must be a number"),
        ("[server]\nport = 70000\n", "config_range", 2, "from 0 to 65535"),
        ("[server]\nport = 99999999999999\n", "config_range", 2, "not 99999999999999"),
        (f"[server]\nport = {10**400}\n", "config_not_number", 2, "port must be a number"),
        ("[server]\nallowed_origins = ['http://[x']\n", "config_allowed_origins", 2, "https://"),
        ("[runs]\nruns_total = 0\n", "config_low", 2, "at least 1"),
        ("[runs]\nrun_time_limit = 'soon'\n", "config_not_seconds", 2, "15 min"),
        ("[runs]\nrun_time_limit = nan\n", "config_not_seconds", 2, "not nan"),
        ("[workers]\nworker_memory = '1 s'\n", "config_not_bytes", 2, "64 MB"),
        ("[server]\nauth = 'maybe'\n", "config_not_flag", 2, "true or false"),
        ("[server]\nhost = ''\n", "config_host", 2, "not be empty"),
        ("[server]\ntrusted_proxy = 'proxy.local'\n", "config_trusted_proxy", 2, "10.0.0.0/8"),
        ("[server]\nallowed_origins = ['example.org']\n", "config_allowed_origins", 2, "https://"),
        ("[server]\nallowed_hosts = 3\n", "config_not_list", 2, "list of texts"),
        ("data_dir = ''\n", "config_not_text", 1, "data_dir"),
        ("analyst = 'oracle'\n", "config_choice", 1, "auto, rules"),
        ("[sources]\nsales = 3\n", "config_sources", 1, "sales"),
        ("[[users]]\nname = 'ana'\n", "config_users", 1, "token_sha256"),
        ("users = 'ana'\n", "config_users", 1, "token_sha256"),
    ],
)
def test_a_wrong_line_is_named(write, text, code, line, says):
    error = refused(file=write(text))
    assert error.code == code
    assert f"prosa.toml:{line}" in error.sentence()
    assert says in str(error)
    assert error.sentence("pt-BR") != error.sentence()


def test_folders_in_a_file_begin_where_the_file_is(write):
    file = write("data_dir = 'kept'\ncache_dir = '~/cache'\n[sources]\nsales = '~nobody-of-that-name/x'\n")
    settings = config.read(file=file, environ={})
    assert settings.data_dir == file.parent / "kept"
    assert settings.cache_dir == Path("~/cache").expanduser()
    assert settings.sources == {"sales": str(file.parent / "~nobody-of-that-name/x")}


def test_two_users_never_share_a_token(write):
    users = "".join(f"[[users]]\nname = '{name}'\ntoken_sha256 = '{'0' * 64}'\n" for name in ("ana", "bia"))
    assert refused(file=write(users)).code == "config_users_same"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"port = = 1", "config_toml"), (b"\xff\xfe\x00", "config_unreadable"), (None, "config_missing")],
)
def test_a_file_that_is_none_is_named(tmp_path, content, code):
    path = tmp_path / "prosa.toml"
    if content is not None:
        path.write_bytes(content)
    error = refused(file=path)
    assert error.code == code
    assert str(path) in error.sentence()


def test_a_file_saved_by_windows_is_read(tmp_path):
    path = tmp_path / "prosa.toml"
    path.write_bytes(b"\xef\xbb\xbf[server]\r\nport = 6\r\n")
    assert config.read(file=path, environ={}).port == 6


def test_an_unknown_variable_is_refused_with_the_nearest():
    error = refused(environ={"PROSA_PROT": "1", "PATH": "/bin"})
    assert "PROSA_PROT" in error.sentence()
    assert "PROSA_PORT" in error.hint()


def test_a_wrong_variable_is_named():
    assert refused(environ={"PROSA_AUTH": "maybe"}).sentence().startswith("PROSA_AUTH:")


def test_an_unknown_option_is_refused_with_the_nearest():
    assert "worker_threads" in refused(options={"worker_thread": 1}).hint()


def test_options_come_by_name_or_by_flag():
    assert config.read({"run_time_limit": 5}, environ={}).run_time_limit == 5.0
    assert refused(options={"--timeout": "x"}).sentence().startswith("--timeout:")


def test_lists_in_the_environment_have_commas():
    assert config.read(environ={"PROSA_ALLOWED_HOSTS": "a.org, b.org,"}).allowed_hosts == ("a.org", "b.org")


def test_a_short_token_is_refused_without_showing_it():
    error = refused(environ={"PROSA_TOKEN": "hunter2"})
    assert error.code == "config_token"
    assert "hunter2" not in str(error)
    assert config.read(environ={"PROSA_TOKEN": "x" * 16}).token == "x" * 16


def test_secrets_are_never_printed():
    users = (config.User("ana", "ab" * 32),)
    settings = config.Settings(token="hunter2hunter2hunter2", users=users, sources={"db": "postgres://u:pw@h/d"})
    shown = repr(settings) + repr(users)
    assert all(secret not in shown for secret in ("hunter2", "abab", "pw@"))
    assert "token=***" in shown


def test_settings_say_what_differs_from_the_defaults():
    assert "auth=False" in repr(config.Settings(auth=False))
    assert "port" not in repr(config.Settings())


@pytest.mark.parametrize(
    ("environ", "locale"),
    [
        ({}, "en"),
        ({"LANG": "pt_BR.UTF-8"}, "pt-BR"),
        ({"LANG": "pt_BR.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE", "LC_MESSAGES": "pt_PT"}, "pt-BR"),
    ],
)
def test_the_system_says_its_language(environ, locale):
    assert config.system_locale(environ) == locale


def test_the_look_of_charts(tmp_path):
    file = tmp_path / "prosa.toml"
    file.write_text(
        '[charts]\nchart_colors = ["#0f4c5c", "teal"]\nchart_font = "Inter, sans-serif"\nchart_logo = "Ação"\n'
    )
    found = config.read({}, file=file, environ={})
    assert (found.chart_colors, found.chart_font, found.chart_logo) == (
        ("#0f4c5c", "teal"),
        "Inter, sans-serif",
        "Ação",
    )
    for name, value in (("chart_colors", "url(x)"), ("chart_font", "x;}{"), ("chart_logo", "x" * 121)):
        with pytest.raises(ConfigError) as caught:
            config.read({name: value}, environ={})
        assert caught.value.code == f"config_{name}"
