"""The command line as a real process, in folders of its own."""

import os
import subprocess
import sys

import pytest


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """The environment of a person whose system speaks English; caches are shared by all tests of the session."""
    home = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PROSA_", "LC_", "XDG_"))}
    return {
        **kept,
        "HOME": str(home),
        "LANG": "en_US.UTF-8",
        "PROSA_CACHE_DIR": str(home / "cache"),
        "PROSA_DATA_DIR": str(home / "data"),
        "PYTHONWARNINGS": "error",
    }


@pytest.fixture
def prosa(environment, tmp_path):
    """Runs one command to its end in the test's folder: `.returncode`, `.stdout`, `.stderr`."""

    def run(*words, stdin="", **variables):
        return subprocess.run(
            [sys.executable, "-m", "prosa", *map(str, words)],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**environment, **variables},
            timeout=120,
        )

    return run


@pytest.fixture
def sales(tmp_path):
    """A small file of orders."""
    path = tmp_path / "sales.csv"
    path.write_text(
        "order_id,customer,city,day,revenue\n"
        "1,Ana,São Paulo,2025-01-03,120.50\n"
        "2,Bia,Rio,2025-01-09,80\n"
        "3,Ana,São Paulo,2025-02-11,310.25\n"
        "4,Caio,Recife,2025-02-20,45.1\n"
        "5,Duda,Rio,2025-03-02,99.9\n",
        "utf-8",
    )
    return path
