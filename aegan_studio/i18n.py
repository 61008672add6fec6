"""The program's languages: gettext catalogues under ``resources/i18n``."""

from __future__ import annotations

import gettext
import locale
from collections.abc import Iterable, Mapping
from typing import Any

from aegan_studio import paths
from aegan_studio.messages import Message

LANGUAGES: Mapping[str, str] = {"en": "English", "zh_CN": "简体中文"}
"""Every language the program speaks, by gettext name, in its own words."""

DOMAIN = "aegan_studio"


class Translator:
    """Turns English templates and messages into the current language."""

    def __init__(self) -> None:
        self._language = "en"
        self._catalogue: gettext.NullTranslations = gettext.NullTranslations()

    @property
    def language(self) -> str:
        """The gettext name of the current language."""
        return self._language

    def use(self, language: str) -> None:
        """Speak ``language`` from now on; unknown ones mean English."""
        self._language = language if language in LANGUAGES else "en"
        self._catalogue = gettext.translation(
            DOMAIN, paths.resource("i18n"), [self._language], fallback=True
        )

    def __call__(self, text: str | Message, /, **values: Any) -> str:
        """The sentence in the current language, filled with ``values``.

        Messages among the values are translated too.
        """
        template = text
        if isinstance(text, Message):
            template, values = text.text, {**text.values, **values}
        if not template:
            return ""
        sentence = self._catalogue.gettext(str(template))
        filled = {
            name: self(value) if isinstance(value, Message) else value
            for name, value in values.items()
        }
        return sentence.format(**filled) if filled else sentence

    def join(self, sentences: Iterable[str | Message]) -> str:
        """Sentences after one another; Chinese sets no space between them."""
        space = "" if self._language.startswith("zh") else " "
        return space.join(self(sentence) for sentence in sentences)


def system_language() -> str:
    """The language of the person's system where the program speaks it, else English."""
    name = locale.getlocale()[0] or ""
    return "zh_CN" if name.lower().startswith(("zh", "chinese")) else "en"


tr = Translator()
"""The program's one translator: the language is the person's, not the window's."""
