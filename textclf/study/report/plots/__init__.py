"""The pictures of a study, as PNG files."""
