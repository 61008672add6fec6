"""``python -m aegan_studio.ui.widgets``: the gallery."""

import sys

from aegan_studio.ui.widgets.gallery import main

sys.exit(main())
