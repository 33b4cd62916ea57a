"""AV1's headers, as far as film grain needs them: read in pure Python, a few hundred bits for each picture."""

from restoration.engine.encoding.av1.grain import GrainWriter, sequence_with_grain
from restoration.engine.encoding.av1.parameters import FilmGrain, Point

__all__ = ["FilmGrain", "GrainWriter", "Point", "sequence_with_grain"]
