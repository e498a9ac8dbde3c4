"""The documentation; only what makes its generated pages is Python."""
