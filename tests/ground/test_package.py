"""The package's face: the public names, and how little they cost."""

import subprocess
import sys

import prosa


def test_every_public_name_is_there():
    for name in prosa.__all__:
        assert getattr(prosa, name) is not None
    assert set(dir(prosa)) == set(prosa.__all__)


def test_importing_prosa_imports_none_of_the_heavy_libraries():
    code = "import sys, prosa; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"duckdb", "pyarrow", "sqlglot", "fastapi", "sqlalchemy", "rich", "babel", "msgspec"} & set(loaded)


def test_a_name_that_is_not_public_is_an_attribute_error():
    assert not hasattr(prosa, "no_such_name")
