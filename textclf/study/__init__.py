"""The study harness: many trials, paired by seed, analysed with their uncertainty."""
