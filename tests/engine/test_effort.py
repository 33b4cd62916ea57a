"""The work of a version follows the pixels that go through what it asks for."""

from fractions import Fraction

import pytest

from restoration.engine.effort import COSTS, core_seconds
from restoration.engine.facts import AnalysisReport, Recommendation, Shot, SourceFacts, Traits
from restoration.engine.networks.registry import NETWORKS
from restoration.engine.settings import PRESETS, Override, Settings, parse

TAPE = PRESETS["tape"].settings
TALLER = parse({**TAPE.model_dump(mode="json"), "upscale": {"height": 4320, "method": "filters"}})


def report() -> AnalysisReport:
    """A hundred frames of tape in three shots."""
    source = SourceFacts(name="tape.mov", rate=Fraction(30000, 1001), frames=100, width=720, height=480,
                         pixel_aspect=Fraction(10, 11), scan="interlaced", field_order="tff", duration=Fraction(10, 3))
    shots = tuple(Shot(index=index, start=start, end=end)
                  for index, (start, end) in enumerate(((0, 40), (40, 90), (90, 100))))
    return AnalysisReport(engine="test", source=source, shots=shots,
                          recommendation=Recommendation(preset="tape", settings=TAPE, reasons=()))


def test_the_tape_preset_is_foreseen_as_it_was_measured() -> None:
    """Forty frames of 2880×2160 take two cores about 49 seconds (docs/performance.md)."""
    of_one_frame = core_seconds(report(), TAPE) / 200
    assert 1.5 < of_one_frame < 3


def test_every_section_that_does_something_is_counted() -> None:
    """A section without its switch is told by its own field."""
    told = {"upscale": {"height": 2160}, "fields": {"method": "frames"}, "fade": {"black": 0.05},
            "chromadelay": {"across": 1.0}, "retime": {"rate": "double"}, "grain": {"amount": 0.5}}
    nothing = parse({"grain": {"amount": 0}})
    for name, _field in Settings.sections():
        if name == "master":
            continue
        base = nothing if name != "grain" else parse({"noise": {"enabled": True}, "grain": {"amount": 0}})
        more = parse({**base.model_dump(mode="json"), name: told.get(name, {"enabled": True})})
        assert core_seconds(report(), more) > core_seconds(report(), base), name


@pytest.mark.parametrize("changes", [
    {"noise": {"enabled": True, "weights": "ab" * 32}}, {"blocking": {"enabled": True, "method": "network"}},
    {"upscale": {"height": 2160, "method": "network"}},
])
def test_a_network_takes_longer_than_what_it_follows_or_replaces(changes: dict[str, dict[str, object]]) -> None:
    without = {"noise": {"enabled": True}, "blocking": {"enabled": True},
               "upscale": {"height": 2160, "method": "filters"}}
    assert core_seconds(report(), parse(changes)) > core_seconds(report(), parse({name: without[name]
                                                                                  for name in changes}))


def test_a_larger_network_takes_longer_and_one_of_others_by_its_parameters() -> None:
    seconds = [core_seconds(report(), parse({"upscale": {"height": 2160, "method": method}}))
               for method in ("filters", "network", "large")]
    assert seconds == sorted(seconds)
    mixed = parse({"upscale": {"height": 2160, "weights": "ab" * 32}})
    assert core_seconds(report(), mixed, brought={"ab" * 32: 16_000_000}) > 5 * core_seconds(report(), mixed)


def test_a_network_of_others_that_cleans_takes_longer_than_filters() -> None:
    cleaned = parse({"blocking": {"enabled": True, "weights": "ab" * 32}})
    assert core_seconds(report(), cleaned, brought={"ab" * 32: 16_000_000}) > 5 * core_seconds(report(), cleaned)


def test_a_face_network_takes_longer_the_more_moments_show_a_face() -> None:
    drawn = parse({"fields": {"method": "frames"}, "faces": {"enabled": True, "weights": "ab" * 32}})
    seconds = []
    for with_faces in (0, 5, 10):
        traits = Traits(looks=10, with_faces=with_faces)
        seen = report().model_copy(update={"shots": (Shot(index=0, start=0, end=100, traits=traits),)})
        seconds.append(core_seconds(seen, drawn, brought={"ab" * 32: 86_400_000}))
    assert seconds[1] - seconds[0] == pytest.approx(100 * 2 * 0.5 * (6.2 + 0.25))
    assert seconds[2] - seconds[0] == pytest.approx(2 * (seconds[1] - seconds[0]))


def test_a_derived_version_is_as_much_work_as_its_changed_shots() -> None:
    override = Override(start=40, end=90, changes={"noise": {"luma": 0.9}})
    derived = TAPE.model_copy(update={"overrides": (override,)})
    assert core_seconds(report(), derived, beside=TAPE) == pytest.approx(core_seconds(report(), TAPE) / 2)
    assert core_seconds(report(), TALLER, beside=TAPE) == core_seconds(report(), TALLER)
    assert core_seconds(report(), TAPE, beside=TAPE) == 0


def test_each_cost_is_of_something_there_is() -> None:
    known = {name for name, _field in Settings.sections()} | {each.name for each in NETWORKS}
    assert set(COSTS) - known == {"decoding", "encoding", "filters", "faithfulness"}
