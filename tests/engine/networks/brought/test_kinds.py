"""What is no file of weights is told as what it is."""

import io

import pytest
from PIL import Image
from safetensors.torch import save

from restoration.engine.errors import WeightsError
from restoration.engine.networks.brought.kinds import is_pickled
from tests.engine.networks.traps import compact, pth


def picture(kind: str) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, kind)
    return drawn.getvalue()


@pytest.mark.parametrize(("data", "told"), [
    (b"", "is empty"), (picture("PNG"), "is a picture"), (picture("JPEG"), "is a picture"),
    (picture("GIF"), "is a picture"), (b"\n<!DOCTYPE html><title>Not found</title>", "is a web page"),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 2\n", "a pointer of Git LFS"),
    (b"\x1f\x8b\x08" + bytes(20), "is an archive"), (b"Real-ESRGAN needs no words.", "is neither a .pth nor"),
], ids=["empty", "png", "jpeg", "gif", "page", "pointer", "gzip", "text"])
def test_what_is_no_weights_is_called_what_it_is(data: bytes, told: str) -> None:
    with pytest.raises(WeightsError) as refused:
        is_pickled(data, "brought.pth")
    assert str(refused.value).startswith("“brought.pth” ") and told in str(refused.value)


@pytest.mark.parametrize("is_legacy", [False, True])
def test_weights_are_told_apart_by_their_bytes_and_not_by_their_names(is_legacy: bool) -> None:
    assert is_pickled(pth(compact(), is_legacy=is_legacy), "brought.safetensors")
    assert not is_pickled(save(compact()), "brought.pth")


def test_a_header_whose_length_begins_as_pickles_do_is_still_a_header() -> None:
    data = next(each for each in (save(compact(), metadata={"made": "x" * more}) for more in range(300))
                if each[0] == 0x80)
    assert not is_pickled(data, "brought.safetensors")
