"""What the review room reaches in Debian's chromium, on pictures that carry their own numbers: composited frames a
second of a 720p pair in every mode, and how long a seek takes at 1080 lines:

    python -m benchmarks.player
"""

from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil
import pytest
from django.test import Client

from archive.storage import derivative_path
from restoration.engine.encoding import pair_reel
from tests.browser import reading
from tests.restoration.views import barcode
from tests.restoration.views.rooms import RATE, version_with_reel

pytest_plugins = ("tests.conftest", "tests.browser.conftest")
FRAMES, SECONDS, SEEKS = 240, 8.0, 95
TIMES = {720: 8, 1080: 12}


def write_reel(path: Path, lines: int) -> None:
    """A pair reel of this height as the product writes them, with moving texture under the bars."""
    times = TIMES[lines]
    dice = np.random.default_rng(0)
    texture = dice.integers(40, 200, (lines, barcode.WIDTH * times), np.uint8).repeat(4, 1)[:, :barcode.WIDTH * times]
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 2 * barcode.WIDTH * times, lines, "yuv420p"
        stream.options = pair_reel.h264()
        stream.codec_context.time_base = 1 / RATE
        for number in range(FRAMES):
            picture = barcode.side(number, 0).repeat(times, 0).repeat(times, 1)[:lines]
            picture[lines * 3 // 4:] = np.roll(texture, 3 * number, 1)[lines * 3 // 4:]
            grey = np.hstack([picture, picture])
            frame = av.VideoFrame.from_ndarray(
                np.vstack([grey, np.full((lines // 2, grey.shape[1]), 128, np.uint8)]), format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1) / RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


@pytest.mark.django_db(transaction=True)
def test_player(chromium: Any, live_server: Any, rosa: Any) -> None:
    client = Client()
    client.force_login(rosa)
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(120_000)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    for lines in TIMES:
        version = version_with_reel(FRAMES)
        write_reel(derivative_path(version.pair_reel_key), lines)
        page.goto(f"{live_server.url}/review/{version.pk}/?m=side")
        reading.read(page)
        if lines == 720:
            for mode, told in reading.plays(page, SECONDS).items():
                print(f"{lines} lines, {mode}: {told['drawn'] / SECONDS:.1f} composited frames a second, "
                      f"{len(told['wrong'])} wrong; load {psutil.getloadavg()[0]:.0f}", flush=True)
        told = reading.seeks(page, [(number * 47) % FRAMES for number in range(SEEKS)])
        times = sorted(told["times"])
        print(f"{lines} lines: {SEEKS} seeks, {len(told['wrong'])} wrong, median {times[SEEKS // 2]:.0f} ms, p95 "
              f"{times[ceil(0.95 * SEEKS) - 1]:.0f} ms; load {psutil.getloadavg()[0]:.0f}", flush=True)
    context.close()
