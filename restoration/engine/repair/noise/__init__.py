"""Less noise: each point averaged with itself at other moments, and what is then left told from detail by its waves.

Sigma comes from the analysis; where it or the strength is 0, that part of the picture stays bit for bit what it was.
How the noise is spread over coarse and fine is read from the frames themselves (spectrum.py). Each point is averaged
with the same point of the neighbours, fetched along its motion (averaging.py); how much noise is left there is known,
and what of the mean's cosines it explains is taken out (settling.py). Where the noise is strong, a network takes out
what that leaves (finishing.py).

Guards: a change of light shifts a patch's mean, so a flash is never averaged with the dark before it; a sparkle that
lives for one frame finds no partner and stands far above the noise; nothing is ever sharpened.

Each output needs `settings.radius` frames before and after it, never beyond the frames it is given. A part of a shot
that is given so many more frames at each end, and whose outputs for them are dropped, equals the same frames of the
whole shot bit for bit.
"""

from restoration.engine.repair.noise.mending import reduce_noise
from restoration.engine.repairing import Repair

REPAIR = Repair("noise", is_on=lambda settings: settings.enabled, mend=reduce_noise,
                reach=lambda settings: settings.radius)
