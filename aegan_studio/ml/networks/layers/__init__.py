"""The builders of the catalog's layers: options and an input shape make a module.

Every builder takes the options, the shape of one item from above, and a
:class:`~aegan_studio.ml.networks.layers.site.Site`. Weights are drawn from the site's generator,
never from torch's global one; on the device "meta" a module has shapes and no memory. A builder
raises :class:`~aegan_studio.ml.networks.misfit.MisfitError` where the shapes do not go together.
"""

from aegan_studio.ml.networks.layers.arranging import Mean, Reshape
from aegan_studio.ml.networks.layers.attention import Attention
from aegan_studio.ml.networks.layers.beside import Join, Projection, TakesBeside
from aegan_studio.ml.networks.layers.elementwise import Dropout
from aegan_studio.ml.networks.layers.norms import MinibatchStddev
from aegan_studio.ml.networks.layers.plugin import Plugged
from aegan_studio.ml.networks.layers.residual import Residual
from aegan_studio.ml.networks.layers.sequence import Codebook, Embedding
from aegan_studio.ml.networks.layers.site import Builder, Device, Site
from aegan_studio.ml.networks.layers.weighted import Maxout, SameConv1d

__all__ = [
    "Attention",
    "Builder",
    "Codebook",
    "Device",
    "Dropout",
    "Embedding",
    "Join",
    "Maxout",
    "Mean",
    "MinibatchStddev",
    "Plugged",
    "Projection",
    "Reshape",
    "Residual",
    "SameConv1d",
    "Site",
    "TakesBeside",
]
