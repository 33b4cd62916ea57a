"""The named recipes by which a rendition is made from a master."""

from dataclasses import dataclass, field
from typing import Literal

from restoration.engine.errors import SettingsError, gettext_noop


@dataclass(frozen=True, slots=True)
class Profile:
    """One recipe. `max_height` in lines; None keeps the master's raster and pixel shape, else pixels become square.

    colour "master" keeps the master's numbers and tags; "bt709" converts and tags; "pq" and "hlg" give lamps and glints
    the light of a wide-range display (BT.2100). sound "pcm" keeps every track and every sample; "aac" makes one stereo
    track of the first. codec_tag: four letters by which players know the codec, where the wrapper's own are not known
    everywhere. carries_grain: grain known to have been given back is taken off, and told for the player to make.
    """

    name: str
    title: str
    description: str
    wrapper: Literal["mov", "mp4"]
    codec: Literal["prores_ks", "libx264", "libx265", "libsvtav1"]
    pixel_format: str
    colour: Literal["master", "bt709", "pq", "hlg"]
    sound: Literal["pcm", "aac"]
    max_height: int | None = None
    codec_tag: str = ""
    carries_grain: bool = False
    video_options: dict[str, str] = field(default_factory=dict)
    wrapper_options: dict[str, str] = field(default_factory=dict)

    @property
    def widens(self) -> bool:
        """Whether it reckons a wide range for an ordinary picture."""
        return self.colour in ("pq", "hlg")

    @property
    def suffix(self) -> str:
        return f".{self.wrapper}"


_HEVC = {"preset": "medium", "crf": "16"}

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            name="mezzanine", title=gettext_noop("Mezzanine: ProRes 422 HQ"),
            description=gettext_noop("Edit-friendly, 10 bit 4:2:2 in MOV, sound as PCM, with the start timecode."),
            wrapper="mov", codec="prores_ks", pixel_format="yuv422p10le", colour="master", sound="pcm",
            video_options={"profile": "3", "vendor": "apl0"}, wrapper_options={"movflags": "+write_colr"}),
        Profile(
            name="access", title=gettext_noop("Access copy: H.264"),
            description=gettext_noop("Plays everywhere: MP4, at most 1080 lines, BT.709, sound as AAC."),
            wrapper="mp4", codec="libx264", pixel_format="yuv420p", colour="bt709", sound="aac", max_height=1080,
            video_options={"profile": "high", "preset": "medium", "crf": "18"},
            wrapper_options={"movflags": "+faststart"}),
        Profile(
            name="hdr10", title=gettext_noop("Wide range: HDR10"),
            description=gettext_noop("For HDR displays: HEVC, 10 bit, PQ in BT.2020, lamps up to 1000 cd/m²."),
            wrapper="mp4", codec="libx265", pixel_format="yuv420p10le", colour="pq", sound="aac",
            codec_tag="hvc1", video_options=dict(_HEVC), wrapper_options={"movflags": "+faststart"}),
        Profile(
            name="hlg", title=gettext_noop("Wide range: HLG"),
            description=gettext_noop("For broadcast: HEVC, 10 bit, HLG in BT.2020; ordinary displays show it too."),
            wrapper="mp4", codec="libx265", pixel_format="yuv420p10le", colour="hlg", sound="aac",
            codec_tag="hvc1", video_options=dict(_HEVC), wrapper_options={"movflags": "+faststart"}),
        Profile(
            name="av1", title=gettext_noop("Viewing copy: AV1"),
            description=gettext_noop("For the web: MP4, 10 bit, BT.709, grain made by the player, sound as AAC."),
            wrapper="mp4", codec="libsvtav1", pixel_format="yuv420p10le", colour="bt709", sound="aac",
            carries_grain=True, video_options={"preset": "8", "crf": "24"},
            wrapper_options={"movflags": "+faststart"}),
    )
}


def profile(name: str) -> Profile:
    """The profile of that name. Raises SettingsError with the names there are."""
    try:
        return PROFILES[name]
    except KeyError:
        raise SettingsError(gettext_noop("There is no encoding profile “{name}”. Choose one of: {names}."),
                            name=name, names=", ".join(PROFILES)) from None
