"""What years do to the dyes of a colour film, and a wrong set-up to the level of a tape."""

from torch import Tensor

from restoration.engine.ageing.aged import Aged
from restoration.engine.media.color import from_rgb, to_rgb


def fading(clip: Tensor, seed: int, *, left: tuple[float, float, float] = (0.65, 0.85, 0.9), base: float = 0.01,
           matrix: str = "smpte170m") -> Aged:
    """The density of each layer reduced in proportion, cyan (which holds back red) most. left: share of the density in
    red, green and blue; base: light that the clearest film or the projector leaves in the blackest, on R'G'B'. The seed
    changes nothing: dye fades alike in all frames."""
    colours = base + (1 - base) * to_rgb(clip, matrix).clamp(min=0)
    faded = colours.clone()
    for plane, share in enumerate(left):
        faded[:, plane] = colours[:, plane] ** share
    return Aged(from_rgb(faded, matrix), clip)


def set_up(clip: Tensor, seed: int, *, lift: float = 0.075) -> Aged:
    """Black at `lift`, white where it was: the 7.5 IRE of analogue NTSC, digitised as if it were picture. The seed
    changes nothing."""
    lifted = clip * (1 - lift)
    lifted[:, 0] += lift
    return Aged(lifted, clip)
