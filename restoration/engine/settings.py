"""Everything that determines a result, in one place.

These models feed the form, the JSON stored in a version, the documentation and the tests. Each field has a title, a
unit where it has one, its range, and the reason why one would change it. Titles and descriptions are English and
marked for translation.
"""

import hashlib
import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from restoration.engine.errors import SettingsError, gettext_noop


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldsSettings(Section):
    """From fields to frames."""

    method: Literal["none", "frames"] = Field(
        "none", title=gettext_noop("Fields to frames"),
        description=gettext_noop("“frames” makes one whole frame of each field, at the fields' own rate. "
                                 "“none” leaves the frames as they are."))
    order: Literal["tff", "bff"] = Field(
        "tff", title=gettext_noop("Field order"),
        description=gettext_noop("Which field was recorded first. Wrong order makes everything that moves tremble."))
    keep_lines: bool = Field(
        True, title=gettext_noop("Keep the recorded lines"),
        description=gettext_noop("Every recorded line stays exactly as it was; only the missing lines are made."))


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


class UpscaleSettings(Section):
    """Square pixels at the size of the master."""

    height: int | None = Field(
        None, ge=120, le=4320, multiple_of=2, title=gettext_noop("Height of the master"),
        json_schema_extra={"unit": gettext_noop("lines")},
        description=gettext_noop("The width follows from the picture's shape; pixels become square. "
                                 "Empty keeps the source's raster."))
    sharpness: float = Field(0.3, ge=0, le=1, title=gettext_noop("Sharpness"),
                             description=gettext_noop("Contrast given back to fine detail; never beyond what "
                                                      "the neighbouring pixels span."))


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
        description=gettext_noop("“follow raster” means BT.709 from 720 lines up, BT.601 below."))


class Settings(Section):
    """All settings of one version."""

    fields: FieldsSettings = Field(FieldsSettings(), title=gettext_noop("Fields"))
    noise: NoiseSettings = Field(NoiseSettings(), title=gettext_noop("Noise"))
    upscale: UpscaleSettings = Field(UpscaleSettings(), title=gettext_noop("Resolution"))
    grain: GrainSettings = Field(GrainSettings(), title=gettext_noop("Grain"))
    master: MasterSettings = Field(MasterSettings(), title=gettext_noop("Master"))

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


class Preset(BaseModel):
    """Settings worth a name."""

    model_config = ConfigDict(frozen=True)
    name: str
    title: str
    description: str
    settings: Settings


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(name="tape", title=gettext_noop("Concert or programme on tape"),
               description=gettext_noop("Fields to frames, noise, 2880×2160 for 4:3, a third of the grain given back."),
               settings=Settings(fields=FieldsSettings(method="frames"), noise=NoiseSettings(enabled=True),
                                 upscale=UpscaleSettings(height=2160))),
        Preset(name="film", title=gettext_noop("Film, scanned or telecined"),
               description=gettext_noop("Gentle noise reduction, most of the grain kept, double size at most."),
               settings=Settings(noise=NoiseSettings(enabled=True, luma=0.4, chroma=0.5),
                                 upscale=UpscaleSettings(height=1080), grain=GrainSettings(amount=0.7))),
        Preset(name="as-is", title=gettext_noop("Nothing but a lossless master"),
               description=gettext_noop("The frames as they are, in the master's format."), settings=Settings()),
    )
}


def preset(name: str) -> Preset:
    """The preset of that name. Raises SettingsError with the names there are."""
    try:
        return PRESETS[name]
    except KeyError:
        raise SettingsError(gettext_noop("There is no preset “{name}”. Choose one of: {names}."),
                            name=name, names=", ".join(PRESETS)) from None


def parse(data: dict[str, Any]) -> Settings:
    """Settings from JSON. Raises SettingsError that names the first field which cannot be."""
    from pydantic import ValidationError

    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(gettext_noop("The setting {field} cannot be used: {problem}."),
                            field=".".join(str(part) for part in first["loc"]), problem=first["msg"]) from error
