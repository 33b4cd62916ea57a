"""A file is known by its tensors, or it is refused in one sentence."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from restoration.engine.errors import WeightsError
from restoration.engine.networks import brought
from restoration.engine.networks.brought import WeightsFacts, can_enlarge, inspect
from tests.engine.networks.traps import Trap, compact, locked, pth

if not brought.is_able():
    pytest.skip("the extra “models” is not installed", allow_module_level=True)

from restoration.engine.networks.brought.known import examined

COMPACT = WeightsFacts(architecture="RealESRGAN Compact", purpose="enlarge", scale=2, channels_in=3, channels_out=3,
                       parameters=2292, multiple=1, least=0)


def refusal(data: bytes) -> str:
    with pytest.raises(WeightsError) as refused:
        examined(data, "brought.pth")
    return str(refused.value)


@pytest.mark.parametrize("data", [pth({"params_ema": compact()}), pth(compact(), is_legacy=True), save(compact())],
                         ids=["pth", "old pth", "safetensors"])
def test_an_architecture_is_found_by_its_tensors(data: bytes) -> None:
    found = examined(data, "brought.pth")
    assert found == COMPACT
    assert found.can_enlarge


@pytest.mark.parametrize(("scale", "is_offered"), [(1, False), (2, True), (8, True), (16, False)])
def test_what_enlarges_too_much_or_nothing_is_not_offered(scale: int, is_offered: bool) -> None:
    assert can_enlarge("enlarge", scale, 3, 3) == is_offered


def test_an_unknown_architecture_is_named_by_one_of_its_tensors() -> None:
    assert refusal(pth({"crystal.ball": torch.ones(3)})) == (
        "“brought.pth” is of an architecture that is not known here; one of its tensors is called “crystal.ball”.")


def test_tensors_that_do_not_fit_are_refused() -> None:
    wrong = {**compact(), "body.2.weight": torch.zeros(8, 5, 3, 3)}
    assert "looks like the architecture “RealESRGAN Compact”" in refusal(pth(wrong))


def test_weights_that_make_no_picture_are_refused() -> None:
    wrong = {**compact(), "body.0.weight": torch.full((8, 3, 3, 3), 1e38),
             "body.2.weight": 1e38 * torch.randn(8, 8, 3, 3)}
    assert "make no picture" in refusal(save(wrong))


@pytest.mark.parametrize("spoilt", [torch.inf, -torch.inf, torch.nan, 1e300])
def test_a_bias_that_is_infinite_or_undefined_is_refused_by_name(spoilt: float) -> None:
    wrong = {**compact(), "body.6.bias": torch.tensor([spoilt, *[0.0] * 11], dtype=torch.float64)}
    for data in (save(wrong), pth({"params": wrong})):
        assert "infinite or undefined (NaN): its tensor “body.6.bias” is spoilt" in refusal(data)


@pytest.mark.parametrize("kind", [torch.int64, torch.int8, torch.bool])
def test_whole_numbers_where_fractions_belong_are_refused_by_name(kind: torch.dtype) -> None:
    wrong = {**compact(), "body.2.weight": torch.ones(8, 8, 3, 3, dtype=kind)}
    for data in (save(wrong), pth(wrong)):
        assert f"its tensor “body.2.weight” is {str(kind).removeprefix('torch.')}" in refusal(data)


def test_half_and_double_precision_are_fractions_too() -> None:
    mixed = {**compact(), "body.0.weight": compact()["body.0.weight"].half(), "body.2.bias": torch.zeros(8).double()}
    assert examined(save(mixed), "brought.pth") == COMPACT


@pytest.mark.parametrize("data", [pth([1, 2, 3]), pth({"epoch": 4})], ids=["a list", "a number"])
def test_what_holds_no_weights_is_refused(data: bytes) -> None:
    assert refusal(data) == "“brought.pth” holds no weights."


def test_what_is_neither_kind_is_not_opened() -> None:
    assert refusal(b"no" + bytes(range(256))) == (
        "“brought.pth” is neither a .pth nor a .safetensors file. It was not opened.")


def test_what_was_cut_off_is_damaged() -> None:
    assert "“brought.pth” is damaged" in refusal(save(compact())[:-50])


def test_a_trap_is_refused_by_name_and_does_not_run(tmp_path: Path) -> None:
    assert "posix.mkdir" in refusal(pth({"body.0.weight": Trap(tmp_path / "it ran")}))
    assert not (tmp_path / "it ran").exists()


@pytest.mark.parametrize(("data", "told"), [
    (locked(pth(compact())), "locked with a password"), (b"", "is empty"),
    (pth([Trap(Path("never made"))], protocol=4), r"posix\.mkdir"), (pth(compact(), protocol=0), "pickle protocol 0"),
    (save({**compact(), "body.6.bias": torch.full((12,), torch.inf)}), r"body\.6\.bias"),
], ids=["locked", "empty", "late trap", "early", "infinite"])
def test_the_child_hands_the_sentence_on_and_does_not_crash(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "brought.pth").write_bytes(data)
    with pytest.raises(WeightsError, match=told):
        inspect(tmp_path / "brought.pth", name="brought.pth", seconds=60, memory_bytes=2**30)
    assert not Path("never made").exists()


def test_an_inspection_ends_in_time(tmp_path: Path) -> None:
    (tmp_path / "slow.pth").write_bytes(pth(compact()))
    with pytest.raises(WeightsError, match="within 0 s"):
        inspect(tmp_path / "slow.pth", name="slow.pth", seconds=0, memory_bytes=2**30)


def test_what_asks_for_too_much_memory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "large.safetensors").write_bytes(save({"body.0.weight": torch.zeros(24_000_000)}))
    with pytest.raises(WeightsError, match="more memory"):
        inspect(tmp_path / "large.safetensors", name="large", seconds=60, memory_bytes=2**25)


def test_what_is_too_large_is_not_even_inspected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brought, "LARGEST", 1_000_000)
    (tmp_path / "huge.pth").write_bytes(bytes(3_000_000))
    with pytest.raises(WeightsError, match="3 MB of at most 1 MB"):
        inspect(tmp_path / "huge.pth", name="huge.pth", seconds=60, memory_bytes=2**30)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brought, "is_able", lambda: False)
    with pytest.raises(WeightsError, match=r"patina\[models\]"):
        inspect(tmp_path / "any.pth", name="any.pth", seconds=60, memory_bytes=2**30)
