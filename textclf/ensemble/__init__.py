"""Several models that answer together: their weights, their bundle, their run."""
