"""The builders of the catalog's layers: options and an input shape make a module.

Every builder takes the options, the shape of one item from above, and a
:class:`~aegan_studio.ml.networks.layers.site.Site`. Weights are drawn from the site's generator,
never from torch's global one; on the device "meta" a module has shapes and no memory. A builder
raises :class:`~aegan_studio.ml.networks.misfit.MisfitError` where the shapes do not go together.
"""

from aegan_studio.ml.networks.layers.arranging import Reshape
from aegan_studio.ml.networks.layers.beside import TakesBeside
from aegan_studio.ml.networks.layers.elementwise import Dropout
from aegan_studio.ml.networks.layers.site import Builder, Device, Site

__all__ = ["Builder", "Device", "Dropout", "Reshape", "Site", "TakesBeside"]
