"""What the trials of a study say, and how sure that is: NumPy and SciPy alone."""
