"""Technical facts in words: what a person says of a file when they describe it to a colleague."""

import re
from fractions import Fraction
from typing import Any

from django import template
from django.utils.translation import gettext as _

from archive.models import EssenceTrack, MediaFile
from archive.vocabularies import EssenceKind, FieldOrder

register = template.Library()

CODECS = {
    "h264": "H.264", "hevc": "H.265", "mpeg2video": "MPEG-2", "mpeg4": "MPEG-4", "msmpeg4v2": "MS MPEG-4 v2",
    "prores": "ProRes", "v210": "v210", "ffv1": "FFV1", "dvvideo": "DV", "rawvideo": "uncompressed", "vp8": "VP8",
    "vp9": "VP9", "av1": "AV1", "jpeg2000": "JPEG 2000", "aac": "AAC", "mp3": "MP3", "mp2": "MPEG-1 layer II",
    "ac3": "AC-3", "flac": "FLAC", "opus": "Opus", "vorbis": "Vorbis",
}


@register.filter
def codec_name(codec: str) -> str:
    return "PCM" if codec.startswith("pcm_") else CODECS.get(codec, codec)


@register.filter
def rate_in_words(rate: Fraction | None) -> str:
    """25, 29.97, 23.976: as many decimals as people say."""
    return "" if rate is None else f"{float(rate):.3f}".rstrip("0").rstrip(".")


@register.filter
def picture_of(file: MediaFile) -> EssenceTrack | None:
    return next((track for track in file.tracks.all() if track.kind == EssenceKind.PICTURE), None)


@register.filter
def has_sound(file: MediaFile) -> bool:
    return any(track.kind == EssenceKind.SOUND for track in file.tracks.all())


@register.filter
def picture_in_words(file: MediaFile) -> str:
    """“720×480, 29.97 interlaced, top field first”."""
    track = picture_of(file)
    return track_in_words(track) if track else ""


@register.filter
def track_in_words(track: EssenceTrack) -> str:
    if track.kind == EssenceKind.PICTURE:
        return _(", ").join(_picture(track))
    if track.kind == EssenceKind.SOUND:
        return _(", ").join(_sound(track))
    return codec_name(track.codec)


def _picture(track: EssenceTrack) -> list[str]:
    words = [codec_name(track.codec)]
    if track.width and track.height:
        words.append(f"{track.width}×{track.height}")
    rate = rate_in_words(track.rate)
    order: dict[str, Any] = {
        FieldOrder.TFF: _("%(rate)s interlaced, top field first"),
        FieldOrder.BFF: _("%(rate)s interlaced, bottom field first"),
        FieldOrder.PROGRESSIVE: _("%(rate)s progressive"),
    }
    if rate:
        words.append(order.get(track.field_order, _("%(rate)s frames a second")) % {"rate": rate})
    if track.is_variable_rate:
        words.append(_("variable rate"))
    return words


def _sound(track: EssenceTrack) -> list[str]:
    words = [codec_name(track.codec)]
    if track.sample_rate:
        words.append(_("%(rate)s kHz") % {"rate": f"{track.sample_rate / 1000:g}"})
    if track.channels:
        layouts = {1: _("mono"), 2: _("stereo")}
        words.append(layouts.get(track.channels, _("%(n)s channels") % {"n": track.channels}))
    if track.bit_depth:
        words.append(_("%(n)s bit") % {"n": track.bit_depth})
    return words


@register.filter
def scan_in_words(source: dict[str, Any]) -> str:
    """What a scan learned of how the picture was recorded."""
    rate = rate_in_words(Fraction(source["rate"]))
    sentences = {
        "progressive": _("Whole frames, %(rate)s a second."),
        "interlaced": _("Interlaced video, %(rate)s frames a second."),
        "telecined": _("Film carried by interlaced video, %(rate)s frames a second."),
        "mixed": _("Film and video mixed, %(rate)s frames a second."),
    }
    orders = {"tff": _("The top field comes first."), "bff": _("The bottom field comes first.")}
    scan = sentences.get(source["scan"], "%(rate)s") % {"rate": rate}
    return " ".join(filter(None, [scan, orders.get(source.get("field_order") or "", "")]))


@register.filter
def bit_rate_in_words(bits: int) -> str:
    return f"{bits / 1e6:.1f} Mbit/s" if bits >= 1e6 else f"{bits / 1e3:.0f} kbit/s"


@register.filter
def display_shape(file: MediaFile) -> tuple[int, int] | None:
    """Width and height of the shape the picture is shown in, whatever its pixels are."""
    track = picture_of(file)
    if track is None or not re.fullmatch(r"[1-9][0-9]{0,5}:[1-9][0-9]{0,5}", track.display_aspect):
        return None
    width, height = track.display_aspect.split(":")
    return int(width), int(height)
