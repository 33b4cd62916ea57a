"""Every repair against known damage, beside the best open filters: `python -m benchmarks.quality`."""
