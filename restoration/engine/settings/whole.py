"""All settings of one version."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from restoration.engine.errors import gettext_noop
from restoration.engine.settings.enhancements import (
    DepthSettings,
    FacesSettings,
    GrainSettings,
    LowlightSettings,
    MasterSettings,
    RetimeSettings,
    UpscaleSettings,
)
from restoration.engine.settings.exceptions import Override
from restoration.engine.settings.refusals import in_words, refused, told
from restoration.engine.settings.repairs import (
    BandingSettings,
    BlockingSettings,
    BlotchesSettings,
    ChromaDelaySettings,
    CrosscolorSettings,
    DropoutsSettings,
    FadeSettings,
    FieldsSettings,
    FlickerSettings,
    LineJitterSettings,
    NoiseSettings,
    ScratchesSettings,
    SoftnessSettings,
    WeaveSettings,
)
from restoration.engine.settings.retouching import Retouch
from restoration.engine.settings.section import Section
from restoration.engine.settings.standing import standing

ALWAYS_TOLD = ("grain", "master")

# What must be the same from the first frame to the last: rate, raster, and one colour for the whole reel.
REEL_CONSTANT = ("fields", "chromadelay", "fade", "upscale", "retime", "master")

# The sections in which a network of others can have a part: each names it in `weights`, and says whether it `draws`.
OF_OTHERS = ("blocking", "faces", "upscale")


class Settings(Section):
    """All settings of one version. Sections are named as the repairs are, in the order in which they run."""

    crosscolor: CrosscolorSettings = Field(CrosscolorSettings(), title=gettext_noop("Dot crawl and rainbows"))
    linejitter: LineJitterSettings = Field(LineJitterSettings(), title=gettext_noop("Trembling lines"))
    chromadelay: ChromaDelaySettings = Field(ChromaDelaySettings(), title=gettext_noop("Colour out of place"))
    dropouts: DropoutsSettings = Field(DropoutsSettings(), title=gettext_noop("Dropouts"))
    fields: FieldsSettings = Field(FieldsSettings(), title=gettext_noop("Fields"))
    weave: WeaveSettings = Field(WeaveSettings(), title=gettext_noop("Weave"))
    flicker: FlickerSettings = Field(FlickerSettings(), title=gettext_noop("Flicker"))
    scratches: ScratchesSettings = Field(ScratchesSettings(), title=gettext_noop("Scratches"))
    blotches: BlotchesSettings = Field(BlotchesSettings(), title=gettext_noop("Dust, dirt and snow"))
    retouch: tuple[Retouch, ...] = Field((), max_length=500, title=gettext_noop("Retouched by hand"))
    noise: NoiseSettings = Field(NoiseSettings(), title=gettext_noop("Noise"))
    blocking: BlockingSettings = Field(BlockingSettings(), title=gettext_noop("Blocks and ringing"))
    softness: SoftnessSettings = Field(SoftnessSettings(), title=gettext_noop("Softness of tape"))
    banding: BandingSettings = Field(BandingSettings(), title=gettext_noop("Banding"))
    fade: FadeSettings = Field(FadeSettings(), title=gettext_noop("Fading and set-up"))
    lowlight: LowlightSettings = Field(LowlightSettings(), title=gettext_noop("Low light"))
    faces: FacesSettings = Field(FacesSettings(), title=gettext_noop("Faces"))
    depth: DepthSettings = Field(DepthSettings(), title=gettext_noop("Layers"))
    upscale: UpscaleSettings = Field(UpscaleSettings(), title=gettext_noop("Resolution"))
    retime: RetimeSettings = Field(RetimeSettings(), title=gettext_noop("Frames in between"))
    grain: GrainSettings = Field(GrainSettings(), title=gettext_noop("Grain"))
    master: MasterSettings = Field(MasterSettings(), title=gettext_noop("Master"))
    overrides: tuple[Override, ...] = Field((), max_length=2000, title=gettext_noop("Exceptions"))

    @classmethod
    def sections(cls) -> Iterator[tuple[str, FieldInfo]]:
        """The sections a form is made of, by name: all but what was drawn by hand and what holds for single shots."""
        return ((name, field) for name, field in cls.model_fields.items()
                if isinstance(field.annotation, type) and issubclass(field.annotation, Section))

    def leaves_alone(self, section: str) -> bool:
        """Whether these settings do nothing of what a section is about; how a master is written is always told."""
        return section not in ALWAYS_TOLD and getattr(self, section).is_off

    @property
    def networks(self) -> frozenset[tuple[str, str]]:
        """The networks of others and the adapted ones that have a part in a picture, for the whole reel or for some of
        it: the section that names each, and its SHA-256."""
        named = ((name, section.adapted if name == "noise" else section.draws and section.weights)
                 for name in (*OF_OTHERS, "noise") for section in self.anywhere(name))
        return frozenset((name, sha256) for name, sha256 in named if sha256)

    @property
    def brought(self) -> frozenset[str]:
        """SHA-256 of the weights of others that have a part in a picture, for the whole reel or for some of it."""
        return frozenset(sha256 for name, sha256 in self.networks if name in OF_OTHERS)

    @property
    def adapted(self) -> frozenset[str]:
        """SHA-256 of the adapted weights that pictures come from, for the whole reel or for some of it."""
        return frozenset(sha256 for name, sha256 in self.networks if name == "noise")

    def anywhere(self, name: str) -> Iterator[Any]:
        """What holds of a section, for the reel and wherever an exception begins or ends."""
        yield (section := getattr(self, name))
        reel = section.model_dump()
        for changes in standing(self.overrides, name):
            yield type(section).model_validate({**reel, **changes})

    def at(self, start: int, end: int) -> "Settings":
        """What holds for the source frames start..end-1: the overrides that cover their middle, the later the stronger,
        and the retouches that touch them."""
        middle = (start + end - 1) // 2
        effective = self.model_copy(update={
            "overrides": (), "retouch": tuple(each for each in self.retouch if each.start < end and start < each.end)})
        changes: dict[str, dict[str, Any]] = {}
        for override in self.overrides:
            if override.start <= middle < override.end:
                for name, values in override.changes.items():
                    changes[name] = {**changes.get(name, {}), **values}
        return effective._with(changes) if changes else effective

    def with_exceptions(self, overrides: Iterable[Override], retouch: Iterable[Retouch] = ()) -> "Settings":
        """These settings and further exceptions, which are stronger than those that were there; all that hold for the
        same frames become one. Raises SettingsError for what cannot be an exception."""
        kept = {(each.start, each.end): each.changes for each in self.overrides}
        for override in overrides:
            changes = kept.pop((override.start, override.end), {})
            kept[override.start, override.end] = {**changes, **{
                name: {**changes.get(name, {}), **values} for name, values in override.changes.items()}}
        return parse({**self.model_dump(mode="json"), "retouch": [*self.retouch, *retouch], "overrides": [
            {"start": start, "end": end, "changes": changes} for (start, end), changes in kept.items()]})

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def _with(self, changes: dict[str, dict[str, Any]]) -> "Settings":
        data = self.model_dump(mode="json")
        for name, values in changes.items():
            data[name] = {**data[name], **values}
        return Settings.model_validate(data)

    @model_validator(mode="after")
    def _overrides_can_be(self) -> Self:
        names = {name for name, _field in self.sections()}
        for override in self.overrides:
            where = {"start": override.start, "end": override.end}
            for name in override.changes:
                if name not in names:
                    raise refused("exception of nothing", **where, section=name)
                if name in REEL_CONSTANT:
                    raise refused("exception of the reel", **where, section=name)
            try:
                self.model_copy(update={"overrides": ()})._with(override.changes)
            except ValidationError as error:
                raise refused("exception of a setting", **where, **in_words(error.errors()[0])) from error
        return self


def parse(data: dict[str, Any]) -> Settings:
    """Settings from JSON. Raises SettingsError that names the first field which cannot be."""
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise told(error) from error
