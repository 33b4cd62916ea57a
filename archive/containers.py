"""Opening recordings that somebody else made. Light: no Django, no torch.

Only wrappers of recordings are opened, and only from files: a playlist could make FFmpeg read other files or addresses.
"""

from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

RECORDINGS = ("mov", "matroska", "avi", "mpeg", "mpegts", "mpegvideo", "mxf", "yuv4mpegpipe", "dv", "asf", "flv", "ogg",
              "nut", "h264", "hevc", "m4v", "rm", "gxf", "lxf", "ivf", "obu", "vc1", "swf", "wtv")
SOUNDS = ("wav", "mp3", "flac", "aac", "aiff", "ac3", "w64", "caf")
PICTURES = ("png_pipe", "jpeg_pipe", "bmp_pipe", "tiff_pipe", "webp_pipe", "gif", "dpx_pipe", "exr_pipe", "pgm_pipe",
            "ppm_pipe", "jpegxl_pipe", "j2k_pipe", "image2", "apng", "svg_pipe", "psd_pipe", "tga_pipe", "sunrast_pipe")
OPTIONS = {"protocol_whitelist": "file", "format_whitelist": ",".join(RECORDINGS + SOUNDS + PICTURES)}


def open_recording(path: Path) -> InputContainer:
    """The container. Raises av.FFmpegError where it is none that we open."""
    return av.open(f"file:{path}", options=OPTIONS, metadata_errors="replace")


def main_picture(container: InputContainer) -> VideoStream | None:
    """The first picture that moves: cover art is none."""
    for stream in container.streams.video:
        if not stream.disposition & stream.disposition.attached_pic:
            return stream
    return None
