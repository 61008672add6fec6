"""The kinds of film files, as a control offers them."""

from __future__ import annotations

from aegan_studio.i18n import tr


def film_formats() -> list[tuple[object, str, str]]:
    """Ending, name and what it is good for."""
    return [
        (".gif", "GIF", tr("Plays everywhere; colours share one palette of 256.")),
        (".webp", "WebP", tr("Exact in every pixel, smaller than GIF.")),
        (".mp4", "MP4", tr("For slides and players; needs the extra “video”.")),
    ]
