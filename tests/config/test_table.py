"""One table of settings: each is documented, in both languages, and the page of it is never stale."""

from pathlib import Path

import pytest

from prosa import config, locales
from prosa.config.page import markdown

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_made_from_the_table():
    assert (DOCS / "settings.md").read_text("utf-8") == markdown(), (
        "run: python -m prosa.config.page > docs/settings.md"
    )


@pytest.mark.parametrize("row", config.table(), ids=lambda row: row.name)
def test_every_setting_has_help_in_both_languages(row):
    for locale in locales.LOCALES:
        assert locales.text(f"settings.{row.name}", locale)
        assert locales.text(f"settings.section_{row.section}", locale)


def test_the_table_has_every_field_once():
    assert [row.name for row in config.table()] == list(config.Settings.__struct_fields__)


@pytest.mark.parametrize("row", [row for row in config.table() if row.default is not None], ids=lambda row: row.name)
def test_every_default_is_a_value_that_could_be_set(row):
    if row.default in ("", (), {}):
        return
    assert getattr(config.read({row.name: row.default}, environ={}), row.name) == row.default


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", 8765),
        ("host", "127.0.0.1"),
        ("run_time_limit", 120),
        ("statement_time_limit", 30),
        ("runs_per_user", 4),
        ("runs_total", 32),
        ("runs_waiting", 100),
        ("question_length", 8000),
        ("max_body", 1 << 20),
        ("max_upload", 200 << 20),
        ("snapshot_cap", 64 << 20),
        ("page_rows", 100),
        ("preview_rows", 50),
        ("preview_chars", 200),
        ("store_file", 100 << 20),
        ("store_user", 256 << 20),
        ("store_total", 1 << 30),
        ("store_age", 1800),
        ("log_bytes", 4 << 20),
        ("log_entries", 10_000),
        ("log_total", 256 << 20),
        ("log_age", 900),
        ("heartbeat", 15),
        ("send_timeout", 20),
        ("worker_memory", 1 << 30),
        ("worker_questions", 2),
        ("worker_exports", 2),
        ("worker_kill_after", 1),
    ],
)
def test_the_promised_default(name, value):
    assert getattr(config.Settings(), name) == value
