"""Which engine a page gets: one for each set of sources and settings, shared by all sessions of the process."""

from __future__ import annotations

import logging
import tempfile
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import streamlit as st

from prosa import config
from prosa.app.locations import Pairs, Source, named
from prosa.config import Settings
from prosa.question import Answerer
from prosa.streamlit.agents import as_answerer
from prosa.streamlit.engine import Engine
from prosa.streamlit.local import Examples, LocalEngine

logger = logging.getLogger(__name__)


def settings_of(given: dict[str, Any]) -> Settings:
    """The settings of a page: what it was given, over environment and file. ConfigError."""
    return config.read(given)


def located(source: Source | None) -> Pairs:
    """Named places of a page's data; none where it has none. UsageError, SourceError."""
    return () if source is None or (isinstance(source, list) and not source) else named(source, _frames())


def engine(sources: Pairs, settings: Settings, examples: Examples = MappingProxyType({})) -> Engine:
    """A server's, where the settings name one, else one of this process. UsageError, StorageError."""
    if settings.url:
        return _remote(settings.url, settings.token)
    key = msgspec.json.encode([sources, settings], enc_hook=str)
    return _local(key, sources, settings, examples)


def answerer_of(given: Any) -> Answerer | None:
    """The host application's agent."""
    return None if given is None else as_answerer(given)


@st.cache_resource(show_spinner=False, max_entries=8, on_release=lambda engine: engine.close())
def _local(key: bytes, _pairs: Pairs, _settings: Settings, _examples: Examples) -> LocalEngine:
    return LocalEngine(_settings, _pairs, _examples)


@st.cache_resource(show_spinner=False)
def _remote(url: str, token: str) -> Engine:
    from prosa.streamlit.remote import RemoteEngine

    return RemoteEngine(url, token)


@cache
def _frames() -> Path:
    """Where data frames and downloads lie, until this process ends."""
    import atexit
    import shutil

    folder = Path(tempfile.mkdtemp(prefix="prosa-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
