"""Labelled texts: strict readers, labels, data sets and how they are divided."""
