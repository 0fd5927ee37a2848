"""The command line: `main` finds the command; each command has a file of its own.

Exit codes: 0 answered, 2 usage, 3 asked back or refused, 4 failed, 130 stopped by Ctrl-C, 141 nobody reads the output.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from prosa.errors import ProsaError


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    from prosa.cli import commands, failures

    words = list(sys.argv[1:] if argv is None else argv)
    locale = commands.spoken(words)
    _tolerant()
    try:
        code = commands.run(words, locale)
        sys.stdout.flush()
        return code
    except ProsaError as error:
        return failures.told(error, locale)
    except KeyboardInterrupt:
        failures.end_now(locale)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:  # a mistake of ours: the details go to the log, never to the person
        return failures.unexpected(error, locale)


def _tolerant() -> None:
    """A stream that can't show a letter shows a `?` for it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
