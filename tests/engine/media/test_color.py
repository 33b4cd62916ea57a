import torch

from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.media import color

# 75 % bars: white, yellow, cyan, green, magenta, red, blue, black.
BARS = torch.tensor([[1, 1, 1], [1, 1, 0], [0, 1, 1], [0, 1, 0], [1, 0, 1], [1, 0, 0], [0, 0, 1], [0, 0, 0]]) * 0.75


def _frame(matrix: str) -> Frame:
    planes = color.from_rgb(BARS.T[:, None, :].float(), matrix)
    return Frame(planes, 0, ColorSpec(matrix, "smpte170m", "smpte170m"))


def test_bars_keep_their_red_green_and_blue_from_601_to_709() -> None:
    converted = color.convert(_frame("smpte170m"), "bt709")
    assert torch.allclose(color.to_rgb(converted.planes, "bt709")[:, 0].T, BARS, atol=1e-6)


def test_conversion_changes_the_numbers_and_the_name_of_the_matrix_alone() -> None:
    before = _frame("smpte170m")
    after = color.convert(before, "bt709")
    assert not torch.allclose(before.planes, after.planes, atol=0.01)
    assert after.color == ColorSpec("bt709", "smpte170m", "smpte170m")


def test_the_known_code_values_of_75_percent_red_come_out() -> None:
    """SMPTE RP 219: red at 75 % in BT.709 is Y 51, Cb 109, Cr 212 at 8 bits."""
    luma, blue, red = color.from_rgb(torch.tensor([0.75, 0, 0])[:, None, None], "bt709").flatten().tolist()
    assert (round(luma * 219 + 16), round(blue * 224 + 128), round(red * 224 + 128)) == (51, 109, 212)


def test_525_and_625_lines_share_one_matrix_bit_for_bit() -> None:
    before = _frame("smpte170m")
    assert color.convert(before, "bt470bg").planes is before.planes
