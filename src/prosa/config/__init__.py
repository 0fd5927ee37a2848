"""Settings: read once, here alone; below this floor there are plain arguments."""

from prosa.config.reading import FILE_VARIABLE, own_file, read, system_locale
from prosa.config.table import Setting, Settings, User, by_name, by_option, table

__all__ = [
    "FILE_VARIABLE",
    "Setting",
    "Settings",
    "User",
    "by_name",
    "by_option",
    "own_file",
    "read",
    "system_locale",
    "table",
]
