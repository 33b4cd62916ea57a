"""What time, tape, film and compression do to a picture, as physical models with a seed and a known truth.

The demo's tape, the tests, the benchmark and the training of networks age their clips here. Every function takes a
clip, float32 [T, 3, H, W] on the scale of Frame.planes, and a seed, and gives an `Aged`.
"""

from restoration.engine.ageing.aged import Aged

__all__ = ["Aged"]
