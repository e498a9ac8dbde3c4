"""Starts Keras quietly, before the tests of this folder import it."""

from textclf import backend

backend.start()
