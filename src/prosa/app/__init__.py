"""Assembly: the one place where the parts are put together, for the server, the command line and the library."""

from prosa.app.desk import Desk
from prosa.app.library import ask, open

__all__ = ["Desk", "ask", "open"]
