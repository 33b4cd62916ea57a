"""What seems to stand before what: a map of layers by cues, and no depth that anybody measured.

Faces and what is under them, motion that is not the camera's, sharpness and the place in the picture each say a little
(cues.py); together, steadied over the moments around and led along the picture's edges, they tell a singer from a stage
(layers.py). The contrast of fine detail is raised by a few per cent where the map says near, and lowered as much where
it says far (contrast.py). Each output needs `REACH` frames before and after it; a part of a shot that is given so many
more at each end equals the same frames of the whole bit for bit.
"""

from restoration.engine.enhancement.depth.contrast import set_apart
from restoration.engine.enhancement.depth.layers import REACH, Layered, layered

__all__ = ["REACH", "Layered", "layered", "set_apart"]
