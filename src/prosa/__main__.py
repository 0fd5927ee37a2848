"""`python -m prosa`: the command line."""

import sys

from prosa.cli import main

if __name__ == "__main__":
    sys.exit(main())
