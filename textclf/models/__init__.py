"""Keras models that begin with a trainable Embedding; one file a kind."""
