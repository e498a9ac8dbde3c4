"""What benchmarks read, made once from the data sets into the work folder."""
