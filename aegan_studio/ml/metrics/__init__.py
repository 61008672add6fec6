"""How good what was learned is: one file a metric, by names that the catalog describes.

Metrics take plain arrays and know no model, no experiment and no trainer.
"""
