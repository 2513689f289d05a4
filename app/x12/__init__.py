"""Between the domain and X12: domain values here, `edi` objects there, and nothing else."""
