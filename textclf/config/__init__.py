"""What a training run is told: the schema with every default, and its YAML form."""
