"""Every sentence of the program is translated, well formed and compiled."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "translations", ROOT / "packaging" / "translations.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_nothing_is_missing_malformed_or_unused(translations: ModuleType) -> None:
    assert translations.faults() == []


def test_the_collector_sees_options_errors_and_the_window(translations: ModuleType) -> None:
    sentences = translations.collect()
    assert "Learning rate" in sentences  # an option's label
    assert "It must be at least {limit}." in sentences  # an error
    assert "Digits with a VAE" in sentences  # a recipe


def test_chinese_is_spoken_and_english_comes_back() -> None:
    from aegan_studio.i18n import Translator
    from aegan_studio.messages import msg

    tr = Translator()
    tr.use("zh_CN")
    assert tr("Learning rate") == "学习率"
    assert "3" in tr(msg("It must be at least {limit}.", limit=3))
    assert tr(msg("It must be at least {limit}.", limit=3)) != "It must be at least 3."
    tr.use("en")
    assert tr("Learning rate") == "Learning rate"
    tr.use("xx")
    assert tr.language == "en"
