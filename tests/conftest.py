"""What all tests share."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No test measures time, so that a busy machine never fails one.
settings.register_profile("prosa", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("prosa")


def pytest_make_parametrize_id(config, val, argname):
    """Bytes and long texts are no names for a test: compressed bytes hold the time at which they were made."""
    if isinstance(val, bytes) or (isinstance(val, str) and len(val) > 200):
        return argname
    return None
