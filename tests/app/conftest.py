"""Small data and folders of the tests' own."""

import pytest


@pytest.fixture(scope="session")
def _folders(tmp_path_factory):
    return tmp_path_factory.mktemp("prosa")


@pytest.fixture(autouse=True)
def _own_folders(_folders, monkeypatch):
    """Caches are shared by the tests of a session; nothing of the person's own settings is seen."""
    for name in ("PROSA_CACHE_DIR", "PROSA_DATA_DIR"):
        monkeypatch.setenv(name, str(_folders / name.lower()))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(_folders / "config"))


@pytest.fixture
def sales(tmp_path):
    """Five orders of four customers."""
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
