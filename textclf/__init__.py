"""Text classification that begins with a trainable embedding."""
