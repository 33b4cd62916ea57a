"""Adding what was never there: pixels of the master's raster, and the recording's own texture at its size."""
