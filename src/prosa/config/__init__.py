"""Settings: read once, here alone; below this floor there are plain arguments."""

from prosa.config.table import Setting, Settings, User, by_name, table

__all__ = ["Setting", "Settings", "User", "by_name", "table"]
