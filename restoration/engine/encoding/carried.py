"""A master's grain taken off its pictures again, and told beside them: an encoder gets clean pictures, a player makes
the grain anew."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import torch
from av.codec.context import CodecContext
from av.packet import Packet
from av.video.frame import VideoFrame

from restoration.engine.compute.device import device
from restoration.engine.encoding.av1 import FilmGrain, GrainWriter, sequence_with_grain
from restoration.engine.encoding.fairness import fairly_scheduled
from restoration.engine.encoding.film_grain import GivenBack, film_grain
from restoration.engine.enhancement import regrain
from restoration.engine.errors import EncodingError, gettext_noop
from restoration.engine.media import samples

_MASTERS, _BITS = "yuv422p10le", 10


class Carried:
    """Of a master of that height, which grain it was given; given: in the order of their frames."""

    def __init__(self, given: Sequence[GivenBack], height: int) -> None:
        self._given, self._height = given, height
        self._starts = [grain.frames.start for grain in given]
        self._told = cache(self._parameters)
        self._writer = GrainWriter(self.film_grain)

    def __bool__(self) -> bool:
        return bool(self._given)

    def film_grain(self, number: int) -> FilmGrain | None:
        """What is told of the master's picture of that number."""
        place = self._place(number)
        return None if place is None else self._told(place)

    def taken_off(self, pictures: Iterable[VideoFrame]) -> Iterator[VideoFrame]:
        """The master's pictures, from its first, as they were before grain was given back."""
        for number, picture in enumerate(pictures):
            place = self._place(number)
            yield picture if place is None else _clean(picture, number, self._given[place])

    def announce(self, encoder: CodecContext) -> None:
        """Open the encoder, and let its header, as it goes into the file, say that frames tell of grain."""
        with fairly_scheduled():
            encoder.open()
        encoder.extradata = sequence_with_grain(bytes(encoder.extradata or b""))

    def told(self, packet: Packet) -> Packet:
        """The packet with the grain of the picture it shows; its times count pictures. Raises EncodingError where the
        packet cannot be read."""
        try:
            made = Packet(self._writer.packet(bytes(packet), packet.pts or 0))
        except (ValueError, EOFError) as error:
            raise EncodingError(gettext_noop("Grain cannot be told in what the encoder wrote: {what}."),
                                what=str(error)) from error
        made.pts, made.dts, made.time_base, made.duration = packet.pts, packet.dts, packet.time_base, packet.duration
        made.is_keyframe, made.stream = packet.is_keyframe, packet.stream
        return made

    def _place(self, number: int) -> int | None:
        place = bisect_right(self._starts, number) - 1
        return place if place >= 0 and number in self._given[place].frames else None

    def _parameters(self, place: int) -> FilmGrain | None:
        given = self._given[place]
        return film_grain(given.texture, given.amount, self._height)


@torch.no_grad()
def _clean(picture: VideoFrame, number: int, given: GivenBack) -> VideoFrame:
    planes = samples.to_planes(picture, "bt709", is_full_range=False, interlaced=False).to(device())
    before = regrain.without(planes, given.first + number - given.frames.start, given.amount, given.seed, given.texture)
    made: VideoFrame = samples.picture_of(samples.to_codes(before, _BITS), _MASTERS)
    made.pts, made.time_base = picture.pts, picture.time_base
    made.colorspace, made.color_range = picture.colorspace, picture.color_range
    made.color_primaries, made.color_trc = picture.color_primaries, picture.color_trc
    return made
