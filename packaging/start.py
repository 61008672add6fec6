#!/usr/bin/env python3
"""Set up AEGAN Studio in this checkout, then run it or test it; needs nothing but Python."""

# Every Python since 2.7 understands this file, so that an old one answers with a sentence.
import sys

OLDEST, NEWEST = (3, 11), (3, 13)
if not OLDEST <= sys.version_info[:2] <= NEWEST:
    sys.exit(
        "AEGAN Studio needs Python {}.{} to {}.{}; this is Python {}.{}. Start it with one of "
        "those, as in: python3.12 packaging/start.py run".format(
            *(OLDEST + NEWEST + sys.version_info[:2])
        )
    )

from commands import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
