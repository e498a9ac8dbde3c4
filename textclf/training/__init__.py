"""Batches, optimisers and the loop that learns."""
