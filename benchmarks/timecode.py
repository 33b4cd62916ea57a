"""Every frame of a day at both drop-frame rates: its label is allowed, is its own, and leads back to the frame.

    python -m benchmarks.timecode
"""

import sys
import time
from fractions import Fraction

from restoration.engine.media import timing

DAYS = {Fraction(30000, 1001): 2_589_408, Fraction(60000, 1001): 5_178_816}


def main() -> int:
    wrong = 0
    for rate, frames in DAYS.items():
        began, found = time.process_time(), wrong_labels(rate, frames)
        wrong += found
        print(f"{rate}: {frames} frames, {found} wrong, {time.process_time() - began:.0f} s")
    return 1 if wrong else 0


def wrong_labels(rate: Fraction, frames: int) -> int:
    """How many frames have a label that drop-frame forbids or that leads elsewhere; the latter also finds labels that
    two frames share."""
    forbidden = tuple(f"00;{number:02}" for number in range(round(rate) // 15))
    wrong = 0
    for frame in range(frames):
        label = timing.label(frame, rate, drop_frame=True)
        is_forbidden = label[4] != "0" and label.endswith(forbidden)
        wrong += is_forbidden or timing.frame_number(label, rate) != frame
    return wrong


if __name__ == "__main__":
    sys.exit(main())
