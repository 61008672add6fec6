"""What is trained for the comparison, and by whom.

Every case names an experiment and builds its rivals from the experiment itself, so that all
contestants train networks of the same layers on the same data with the same settings. There is a
case for each structure of phases: one network pair or several, one update or two.
"""

from aegan_studio.bench.cases.autoencoders import AUTOENCODERS
from aegan_studio.bench.cases.gans import GANS
from aegan_studio.bench.cases.joined import JOINED
from aegan_studio.bench.cases.rivalry import ENDLESS, Case, Rivalry, plain_networks

CASES = (*AUTOENCODERS, *GANS, *JOINED)

__all__ = ["CASES", "ENDLESS", "Case", "Rivalry", "plain_networks"]
