"""One section for each repair, in the order in which they run. What is off leaves the picture bit for bit alone."""

from typing import Literal

from pydantic import Field

from restoration.engine.errors import gettext_noop
from restoration.engine.settings.section import Section

STRONG_NOISE = 13 / 255  # Of luma, its standard deviation: there the network made one clip of ten worse, by 0.03 dB.
_SENSITIVITY = gettext_noop("Sensitivity")
_MORE_SENSITIVE = gettext_noop("More finds fainter damage and risks taking picture for damage.")


class CrosscolorSettings(Section):
    """Dot crawl and rainbows of composite video, on the fields as they were recorded."""

    enabled: bool = Field(False, title=gettext_noop("Remove dot crawl and rainbows"),
                          description=gettext_noop("Only where the colour carrier's own pattern is found."))
    strength: float = Field(1.0, ge=0, le=1, title=gettext_noop("Strength"),
                            description=gettext_noop("0 leaves the pattern, 1 removes all that is found."))


class LineJitterSettings(Section):
    """Lines that start too early or too late."""

    enabled: bool = Field(False, title=gettext_noop("Straighten trembling lines"),
                          description=gettext_noop("Moves single lines sideways, by fractions of a pixel to a few."))
    largest: float = Field(3.0, ge=0.25, le=12, title=gettext_noop("Largest move of a line"),
                           json_schema_extra={"unit": gettext_noop("pixels")},
                           description=gettext_noop("A line that seems further off is left where it is."))


class ChromaDelaySettings(Section):
    """Colour that lies beside the brightness it belongs to; the same for the whole reel."""

    across: float = Field(0.0, ge=-8, le=8, title=gettext_noop("Colour lies to the right by"),
                          json_schema_extra={"unit": gettext_noop("pixels")},
                          description=gettext_noop("The colour is moved back by as much; 0 leaves it where it is."))
    down: float = Field(0.0, ge=-8, le=8, title=gettext_noop("Colour lies too low by"),
                        json_schema_extra={"unit": gettext_noop("lines")},
                        description=gettext_noop("Each copy of a tape lets colour sink by a line or two."))


class DropoutsSettings(Section):
    """Stretches of lines that the tape lost for an instant."""

    enabled: bool = Field(False, title=gettext_noop("Mend dropouts"),
                          description=gettext_noop("Filled from the fields before and after, along the motion."))
    sensitivity: float = Field(0.5, ge=0, le=1, title=_SENSITIVITY, description=_MORE_SENSITIVE)


class FieldsSettings(Section):
    """From fields to frames."""

    method: Literal["none", "frames", "film"] = Field(
        "none", title=gettext_noop("Fields to frames"),
        description=gettext_noop("One whole frame of each field comes at the fields' own rate. The film's own frames "
                                 "are put together again from the fields they were spread over, at the film's own "
                                 "rate, four for every five. None leaves the frames as they are."))
    order: Literal["tff", "bff"] = Field(
        "tff", title=gettext_noop("Field order"),
        description=gettext_noop("Which field was recorded first. Wrong order makes everything that moves tremble."))
    keep_lines: bool = Field(
        True, title=gettext_noop("Keep the recorded lines"),
        description=gettext_noop("Every recorded line stays exactly as it was; only the missing lines are made."))
    weave_film: bool = Field(
        True, title=gettext_noop("Weave film among video"),
        description=gettext_noop("Fields of one film frame are woven where the rhythm of film is found in a longer "
                                 "time. Where nothing is film, less is looked at around each frame, which is "
                                 "quicker."))

    @property
    def looks_for_film(self) -> bool:
        """Whether anything may be woven of fields that belong together."""
        return self.method == "film" or (self.method == "frames" and self.weave_film)


class WeaveSettings(Section):
    """The whole picture trembling in the gate."""

    enabled: bool = Field(False, title=gettext_noop("Steady the picture"),
                          description=gettext_noop("Only what trembles is taken out; the camera's own moves stay."))
    largest: float = Field(3.0, ge=0.5, le=12, title=gettext_noop("Largest move"),
                           json_schema_extra={"unit": gettext_noop("pixels")},
                           description=gettext_noop("A frame that seems further off is moved no further than this."))


class FlickerSettings(Section):
    """Brightness that changes from frame to frame and nobody meant to."""

    enabled: bool = Field(False, title=gettext_noop("Calm flicker"),
                          description=gettext_noop("Lamps, flashes and fades of the scene stay."))
    is_local: bool = Field(False, title=gettext_noop("In parts of the picture"),
                           description=gettext_noop("For flicker that differs from one part of the picture to "
                                                    "another."))
    largest: float = Field(0.12, ge=0.01, le=0.3, title=gettext_noop("Largest correction"),
                           description=gettext_noop("As a share of the brightness. More may take light of the scene "
                                                    "for flicker."))


class ScratchesSettings(Section):
    """Vertical lines that stay at one place while the scene moves."""

    enabled: bool = Field(False, title=gettext_noop("Mend scratches"),
                          description=gettext_noop("A line that moves with the scene, a microphone stand, is picture."))
    sensitivity: float = Field(0.5, ge=0, le=1, title=_SENSITIVITY, description=_MORE_SENSITIVE)


class BlotchesSettings(Section):
    """Dust, dirt and snow: what is there in one frame and gone in the next."""

    enabled: bool = Field(False, title=gettext_noop("Mend dust, dirt and snow"),
                          description=gettext_noop("Filled from the frames before and after, along the motion."))
    sensitivity: float = Field(0.5, ge=0, le=1, title=_SENSITIVITY, description=_MORE_SENSITIVE)


class NoiseSettings(Section):
    """Motion-compensated temporal noise reduction."""

    enabled: bool = Field(False, title=gettext_noop("Reduce noise"),
                          description=gettext_noop("Averages each point along its own motion through time."))
    luma: float = Field(0.6, ge=0, le=1, title=gettext_noop("Strength in brightness"),
                        description=gettext_noop("0 leaves the noise, 1 removes all that can be told from picture."))
    chroma: float = Field(0.8, ge=0, le=1, title=gettext_noop("Strength in colour"),
                          description=gettext_noop("Tape noise is strongest in colour, where the eye sees "
                                                   "least detail."))
    radius: int = Field(2, ge=1, le=3, title=gettext_noop("Neighbours on each side"),
                        json_schema_extra={"unit": gettext_noop("frames")},
                        description=gettext_noop("More neighbours make a calmer picture and take longer."))
    network: Literal["auto", "large", "off"] = Field(
        "auto", title=gettext_noop("Our own network after it"),
        description=gettext_noop("Where noise is strong, it takes out what averaging leaves; by no more than the noise "
                                 "explains. It takes two seconds of one core for each frame of 720×480; a larger one "
                                 "takes several times as long where there is no GPU."))
    weights: str | None = Field(
        None, pattern="^[0-9a-f]{64}$", title=gettext_noop("Adapted to this recording"),
        description=gettext_noop("Weights that our own network learnt from this recording. With them it follows noise "
                                 "of any strength, in place of the larger network too; none means as it is "
                                 "shipped."))

    def asks_network(self, luma_sigma: float) -> bool:
        """Whether the network follows where luma has noise of that standard deviation."""
        return self.adapted is not None or (self.enabled and self.network != "off" and luma_sigma >= STRONG_NOISE)

    @property
    def adapted(self) -> str | None:
        """SHA-256 of the adapted weights that pictures come from, None where they come from none."""
        return self.weights if self.enabled and self.network != "off" else None


class BlockingSettings(Section):
    """Blocks and ringing that compression left."""

    enabled: bool = Field(False, title=gettext_noop("Remove blocks and ringing"),
                          description=gettext_noop("Smooths what coarse quantisation left, and nothing finer."))
    method: Literal["network", "large", "filters"] = Field(
        "filters", title=gettext_noop("Smoothed by"),
        description=gettext_noop("Our own network was trained on photographs that real coders had compressed. Filters "
                                 "shrink the waves that a quantiser of this coarseness cannot tell."))
    strength: float = Field(0.5, ge=0, le=1, title=gettext_noop("Strength"),
                            description=gettext_noop("How coarse the quantisation is taken to be."))
    weights: str | None = Field(
        None, pattern="^[0-9a-f]{64}$", title=gettext_noop("Network of others"),
        description=gettext_noop("Smooths luma in the place of what is chosen above. What the quantiser cannot have "
                                 "taken is not changed; colour is smoothed by filters."))

    @property
    def draws(self) -> bool:
        """Whether a network of others has a part in it."""
        return self.enabled and self.strength > 0 and self.weights is not None


class SoftnessSettings(Section):
    """Detail that composite tape could not hold."""

    enabled: bool = Field(False, title=gettext_noop("Give back what the tape softened"),
                          description=gettext_noop("Detail that can be told from what is left, by a network trained on "
                                                   "tapes. Only where lines show a tape's narrow band."))
    strength: float = Field(1.0, ge=0, le=1, title=gettext_noop("Strength"),
                            description=gettext_noop("0 leaves the picture as soft as the tape made it."))


class BandingSettings(Section):
    """Steps in what was a smooth gradient."""

    enabled: bool = Field(False, title=gettext_noop("Smooth banded gradients"),
                          description=gettext_noop("Needs the ten bits of the master; edges and texture stay."))
    steps: float = Field(1.5, ge=0.5, le=6, title=gettext_noop("Height of a step at most"),
                         json_schema_extra={"unit": "/255"},
                         description=gettext_noop("What is higher is an edge and stays."))


class FadeSettings(Section):
    """Faded dye and a wrong set-up: one correction for the whole reel, never from shot to shot."""

    black: float = Field(0.0, ge=-0.1, le=0.25, title=gettext_noop("Level that becomes black"),
                         description=gettext_noop("0 leaves black where it is; 0.075 takes out an analogue set-up."))
    white: float = Field(1.0, ge=0.5, le=1.2, title=gettext_noop("Level that becomes white"),
                         description=gettext_noop("1 leaves white where it is."))
    red: float = Field(1.0, ge=0.5, le=2, title=gettext_noop("Density of red"),
                       description=gettext_noop("1 leaves it; the layers of a colour film fade at their own pace."))
    green: float = Field(1.0, ge=0.5, le=2, title=gettext_noop("Density of green"),
                         description=gettext_noop("1 leaves it."))
    blue: float = Field(1.0, ge=0.5, le=2, title=gettext_noop("Density of blue"),
                        description=gettext_noop("1 leaves it."))
