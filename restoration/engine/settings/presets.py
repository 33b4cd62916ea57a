"""Settings worth a name."""

from pydantic import BaseModel, ConfigDict

from restoration.engine.errors import SettingsError, gettext_noop
from restoration.engine.settings.enhancements import GrainSettings, UpscaleSettings
from restoration.engine.settings.repairs import FieldsSettings, NoiseSettings, SoftnessSettings
from restoration.engine.settings.whole import Settings


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
               description=gettext_noop("Fields to frames, noise, what the tape softened, 2880×2160 for 4:3, a "
                                        "third of the grain given back."),
               settings=Settings(fields=FieldsSettings(method="frames"), noise=NoiseSettings(enabled=True),
                                 softness=SoftnessSettings(enabled=True),
                                 upscale=UpscaleSettings(height=2160, method="filters"))),
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
