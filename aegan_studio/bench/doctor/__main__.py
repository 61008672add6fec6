"""``python -m aegan_studio.bench.doctor``."""

from aegan_studio.bench.doctor.command import main

raise SystemExit(main())
