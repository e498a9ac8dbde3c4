"""A finished run in one document: an HTML page, or a model card in Markdown."""
