"""A moment with its neighbours, and what is to be taken out of it."""

import torch

from restoration.engine.networks.cleaner import NEIGHBOURS, Cleaner, put_together
from tests import clips

NOTHING: list[torch.Tensor | None] = [None] * NEIGHBOURS


def trembling() -> Cleaner:
    """A network that changes something: one that was not trained changes nothing."""
    torch.manual_seed(1)
    made = Cleaner(channels=8, blocks=1).eval()
    torch.nn.init.normal_(made.tail.weight, std=0.1)
    return made


def cleaned(network: Cleaner, shown: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return network(shown[None])[0]  # type: ignore[no-any-return]


def test_before_it_has_learnt_anything_it_leaves_the_moment_as_it_is() -> None:
    own = clips.moment(0, (64, 48))
    assert torch.equal(cleaned(Cleaner(channels=8, blocks=1).eval(), put_together(own, NOTHING, (0.1, 0.1, 0.1))), own)


def test_a_neighbour_that_shows_the_same_is_as_good_as_none() -> None:
    own, network = clips.moment(0, (64, 48)), trembling()
    alone = cleaned(network, put_together(own, NOTHING, (0.1, 0.1, 0.0)))
    assert torch.equal(cleaned(network, put_together(own, [own] * NEIGHBOURS, (0.1, 0.1, 0.0))), alone)
    other = [clips.moment(5, (64, 48)), None, None, None]
    assert not torch.equal(cleaned(network, put_together(own, other, (0.1, 0.1, 0.0))), alone)


def test_what_is_told_changes_what_is_made() -> None:
    own, network = clips.moment(0, (64, 48)), trembling()
    made = [cleaned(network, put_together(own, NOTHING, told))
            for told in ((0.0, 0.0, 0.0), (0.1, 0.0, 0.0), (0.0, 0.1, 0.0), (0.0, 0.0, 0.1))]
    assert all(not torch.equal(made[0], other) for other in made[1:])


def test_what_it_makes_of_a_place_does_not_depend_on_what_lies_far_from_it() -> None:
    own, network = clips.moment(0, (96, 80)), trembling()
    whole = cleaned(network, put_together(own, NOTHING, (0.1, 0.1, 0.0)))
    part = cleaned(network, put_together(own[:, 16:, 16:].contiguous(), NOTHING, (0.1, 0.1, 0.0)))
    torch.testing.assert_close(part[:, 16:, 16:], whole[:, 32:, 32:], rtol=1e-5, atol=1e-6)
