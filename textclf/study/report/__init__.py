"""What a study found, for people: sentences first, then pictures, then every number."""
