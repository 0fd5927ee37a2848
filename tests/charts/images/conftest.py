"""One picture process for all tests of a module; it is restarted where a test kills it."""

import pytest

from prosa.charts.images.pictures import Pictures, available


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="module")
def pictures():
    if not available():
        pytest.fail("the extra `images` is not installed")
    found = Pictures()
    yield found
    found.close()
