"""The language of the program and of Qt's own dialogs, switched together."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from aegan_studio.i18n import LANGUAGES, tr


class Language(QObject):
    """Switches the language; a child of the application, which keeps Qt's translations.

    Parameters
    ----------
    language : str
        One of :data:`LANGUAGES`.
    """

    def __init__(self, app: QApplication, language: str) -> None:
        super().__init__(app)
        self._app = app
        self._qt: QTranslator | None = None
        self.use(language)

    def use(self, language: str) -> None:
        """Speak ``language``; windows that stand are built anew by whoever owns them."""
        tr.use(language)
        locale = QLocale(tr.language)
        QLocale.setDefault(locale)
        if self._qt is not None:
            self._app.removeTranslator(self._qt)
            self._qt = None
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        translator = QTranslator(self)
        if translator.load(locale, "qtbase", "_", folder):
            self._app.installTranslator(translator)
            self._qt = translator

    @property
    def other(self) -> str:
        """The language that a press of the button turns to."""
        names = list(LANGUAGES)
        return names[(names.index(tr.language) + 1) % len(names)]
