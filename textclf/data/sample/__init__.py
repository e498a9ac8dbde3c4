"""The reviews that come with textclf."""

from pathlib import Path

REVIEWS = Path(__file__).with_name("reviews.csv")
"""Columns `text`, `label` and `split` (`train` or `test`)."""
