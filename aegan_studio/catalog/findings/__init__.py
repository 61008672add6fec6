"""Which findings the training doctor can report, in words, and what may help.

One is added by a file of :mod:`aegan_studio.ml.doctor` and an entry here.
"""

from __future__ import annotations

from collections.abc import Mapping

from aegan_studio.catalog.findings.adversarial import ADVERSARIAL
from aegan_studio.catalog.findings.codes import CODES
from aegan_studio.catalog.findings.entry import FindingInfo
from aegan_studio.catalog.findings.learning import LEARNING
from aegan_studio.catalog.findings.remedies import remedies_for

_ALL: tuple[FindingInfo, ...] = (*ADVERSARIAL, *LEARNING, *CODES)


def _once(infos: tuple[FindingInfo, ...]) -> Mapping[str, FindingInfo]:
    found = {info.name: info for info in infos}
    if len(found) < len(infos):
        raise ValueError("a finding is registered twice")
    return found


FINDINGS: Mapping[str, FindingInfo] = _once(_ALL)
"""All findings by name."""

__all__ = ["FINDINGS", "FindingInfo", "remedies_for"]
