"""Networks that many cases share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ARTICLE: Mapping[str, Any] = {"kind": "article-mlp"}
MLP: Mapping[str, Any] = {"kind": "mlp", "widths": [256, 256]}
LEAKY: Mapping[str, Any] = {**MLP, "activation": "leaky-relu"}
