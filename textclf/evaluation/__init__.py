"""How good a model is: predictions, scores, intervals, the floor, the report."""
