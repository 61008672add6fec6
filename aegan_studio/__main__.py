"""``python -m aegan_studio``: the same as the command ``aegan-studio``."""

from __future__ import annotations

import sys

from aegan_studio.cli import main

if __name__ == "__main__":
    sys.exit(main())
