"""What can be wrong with a picture, in what unit it is measured, and how bad how much of it is. Light: no torch.

Severity everywhere: 0.2 a trained eye finds it, 0.5 anyone sees it, 0.8 it spoils the picture. `steps` says at which
value each defect reaches these three; between them it rises evenly.
"""

from dataclasses import dataclass
from itertools import pairwise

from restoration.engine.errors import gettext_noop

TRAINED_EYE, ANYONE, SPOILT = 0.2, 0.5, 0.8


@dataclass(frozen=True, slots=True)
class Scale:
    """One kind of damage. title: for people; unit: of its value; steps: values at the three severities; meaning: what
    the value is; repair: the section of settings that mends it, empty where nothing does; is_local: whether it lies in
    places that a mask can show."""

    title: str
    unit: str
    steps: tuple[float, float, float]
    meaning: str
    repair: str = ""
    is_local: bool = False

    def severity(self, value: float) -> float:
        """Piecewise linear through (0, 0), the three steps, and on to 1."""
        places, levels = (0.0, *self.steps), (0.0, TRAINED_EYE, ANYONE, SPOILT)
        for (low, high), (start, end) in zip(pairwise(places), pairwise(levels), strict=True):
            if value <= high:
                return start + (end - start) * max(0.0, value - low) / (high - low)
        return min(1.0, SPOILT + (1 - SPOILT) * (value - self.steps[2]) / self.steps[2])


DEFECTS: dict[str, Scale] = {
    "noise": Scale(gettext_noop("Noise"), "/255", (1.5, 4.0, 10.0),
                   gettext_noop("standard deviation of brightness"), "noise"),
    "colour noise": Scale(gettext_noop("Colour noise"), "/255", (2.0, 6.0, 14.0),
                          gettext_noop("standard deviation of colour"), "noise"),
    "combing": Scale(gettext_noop("Combing"), "share", (0.005, 0.03, 0.10),
                     gettext_noop("share of the picture that combs"), "fields"),
    "dot crawl": Scale(gettext_noop("Dot crawl"), "/255", (1.5, 5.0, 15.0),
                       gettext_noop("strength of the colour carrier left in brightness"), "crosscolor"),
    "cross-colour": Scale(gettext_noop("Rainbows"), "/255", (1.5, 5.0, 15.0),
                          gettext_noop("colour that alternates where brightness is fine"), "crosscolor"),
    "narrow band": Scale(gettext_noop("Softness of tape"), "share", (0.8, 0.92, 0.98),
                         gettext_noop("share of the finest detail along the lines that is missing"), "softness"),
    "line jitter": Scale(gettext_noop("Trembling lines"), "px", (0.15, 0.5, 1.5),
                         gettext_noop("how far lines lie beside their neighbours"), "linejitter"),
    "chroma delay": Scale(gettext_noop("Colour out of place"), "px", (1.0, 2.0, 4.0),
                          gettext_noop("distance of colour from its brightness"), "chromadelay"),
    "dropouts": Scale(gettext_noop("Dropouts"), "per mille", (0.02, 0.2, 2.0),
                      gettext_noop("share of the picture that the tape lost"), "dropouts", is_local=True),
    "weave": Scale(gettext_noop("Weave"), "px", (0.25, 0.7, 2.0),
                   gettext_noop("how far the picture trembles"), "weave"),
    "flicker": Scale(gettext_noop("Flicker"), "share", (0.01, 0.03, 0.08),
                     gettext_noop("change of brightness from frame to frame"), "flicker"),
    "scratches": Scale(gettext_noop("Scratches"), "heights", (0.3, 1.0, 3.0),
                       gettext_noop("length of all scratches of a frame, in heights of the picture"), "scratches",
                       is_local=True),
    "blotches": Scale(gettext_noop("Dust, dirt and snow"), "per mille", (0.05, 0.5, 3.0),
                      gettext_noop("share of the picture that is covered"), "blotches", is_local=True),
    "blocking": Scale(gettext_noop("Blocking"), "/255", (1.0, 2.0, 5.0),
                      gettext_noop("height of the steps between blocks beyond those within them"), "blocking"),
    "ringing": Scale(gettext_noop("Ringing"), "/255", (1.0, 1.8, 3.0),
                     gettext_noop("ripples around edges in the blocks that hold them"), "blocking"),
    "banding": Scale(gettext_noop("Banding"), "share", (0.02, 0.08, 0.25),
                     gettext_noop("share of the picture that is banded"), "banding"),
    "fade": Scale(gettext_noop("Fading"), "share", (0.1, 0.25, 0.5),
                  gettext_noop("contrast that is missing"), "fade"),
    "set-up": Scale(gettext_noop("Wrong black"), "/255", (4.0, 10.0, 25.0),
                    gettext_noop("distance of the darkest from black"), "fade"),
    "darkness": Scale(gettext_noop("Darkness"), "share", (0.5, 0.8, 0.97),
                      gettext_noop("share of the picture below 5 % brightness")),
    "blur": Scale(gettext_noop("Softness"), "px", (1.2, 2.2, 4.0),
                  gettext_noop("radius of blur where the picture is sharpest")),
    "clipped white": Scale(gettext_noop("Burnt-out light"), "share", (0.01, 0.05, 0.2),
                           gettext_noop("share of the picture cut off at white")),
    "clipped black": Scale(gettext_noop("Crushed black"), "share", (0.05, 0.2, 0.5),
                           gettext_noop("share of the picture cut off at black")),
    "repeated frames": Scale(gettext_noop("Repeated frames"), "share", (0.01, 0.05, 0.2),
                             gettext_noop("share of the frames that repeat the one before, out of any rhythm")),
    "black frames": Scale(gettext_noop("Black frames"), "frames", (0.5, 1.0, 6.0),
                          gettext_noop("frames without a picture in the midst of a shot")),
    "frozen": Scale(gettext_noop("Frozen picture"), "s", (0.2, 0.6, 2.0),
                    gettext_noop("longest time that the picture stands still in a shot that moves")),
}


def severity(name: str, value: float) -> float:
    return DEFECTS[name].severity(value)
