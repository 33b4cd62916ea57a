"""What a version's decisions amount to under the rules of its collection.

Only decisions about the bytes that the version has now count. The rules are those that held when the first of these
was made: nobody's vote changes its weight afterwards.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from archive.models import Asset, Collection
from archive.vocabularies import Role
from restoration.models import ApprovalPolicy, Review, Version
from restoration.vocabularies import APPROVALS, Verdict, VersionState


@dataclass(frozen=True, slots=True)
class Stage:
    """`quorum` people of `role` approve; with `veto` one rejection ends it, otherwise as many as would approve."""

    order: int
    name: str
    role: Role
    quorum: int
    veto: bool

    @classmethod
    def of(cls, value: dict[str, Any]) -> "Stage":
        return cls(**{**value, "role": Role(value["role"])})

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "role": str(self.role)}

    @property
    def title(self) -> str:
        return self.name or str(self.role.label)

    @property
    def roles(self) -> set[Role]:
        """An administrator may stand in for anybody."""
        return {self.role, Role.ADMINISTRATOR}


# Where nobody has set anything: one reviewer decides.
ONE_REVIEWER = (Stage(1, "", Role.REVIEWER, 1, veto=True),)


@dataclass(frozen=True, slots=True)
class StageStanding:
    stage: Stage
    approvals: int
    rejections: int
    state: Literal["passed", "open", "to_come", "refused"]

    @property
    def missing(self) -> int:
        return max(0, self.stage.quorum - self.approvals)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an approval has come. `needs_another`: all that approved took part in making the version."""

    stages: tuple[StageStanding, ...]
    outcome: VersionState
    needs_another: bool = False

    @property
    def open(self) -> StageStanding | None:
        return next((each for each in self.stages if each.state == "open"), None)


class Policies:
    """The rules of all collections, read once however many versions ask."""

    def __init__(self) -> None:
        policies = ApprovalPolicy.objects.prefetch_related("stages")
        self._own = {policy.collection_id: tuple(
            Stage(row.order, row.name, Role(row.role), row.quorum, row.veto) for row in policy.stages.all())
            for policy in policies}
        self._parents = dict(Collection.objects.values_list("pk", "parent_id")) if self._own else {}

    def of_collection(self, pk: int | None) -> tuple[Stage, ...]:
        source = self.source_of(pk)
        return self._own[source] if source is not None else ONE_REVIEWER

    def source_of(self, pk: int | None) -> int | None:
        """The collection whose own rules hold for this one: itself, the nearest one around it, or none."""
        while pk is not None and not self._own.get(pk):
            pk = self._parents.get(pk)
        return pk

    def of_asset(self, asset: Asset) -> tuple[Stage, ...]:
        return self.of_collection(asset.collection_id)


def counting(version: Version, reviews: Iterable[Review]) -> list[Review]:
    """The decisions about the bytes that the version has now, in the order in which they were made."""
    master = version.master.sha256 if version.master else None
    return sorted((review for review in reviews
                   if (review.master_sha256, review.pair_reel_sha256) == (master, version.pair_reel_sha256)),
                  key=lambda review: review.number)


def standing_of(version: Version, *, policies: Policies | None = None) -> Standing:
    """Asks the database for the version's reviews and runs, unless they have been fetched already."""
    reviews = counting(version, version.reviews.all())
    makers = {version.by_id, *(run.by_id for run in version.runs.all())}
    return derive(stages_of(version, reviews, policies), reviews, makers)


def stages_of(version: Version, reviews: Sequence[Review], policies: Policies | None = None) -> tuple[Stage, ...]:
    if reviews:
        return tuple(Stage.of(each) for each in reviews[0].stages) or ONE_REVIEWER
    return (policies or Policies()).of_asset(version.asset)


def derive(stages: Sequence[Stage], reviews: Sequence[Review], makers: set[int]) -> Standing:
    """What these decisions, all about the same bytes, amount to. makers: keys of the people who made the version."""
    needs_another = not any(review.decision in APPROVALS and review.reviewer_id not in makers for review in reviews)
    told = list[StageStanding]()
    is_closed = False
    for index, stage in enumerate(stages):
        approvals = sum(review.stage == stage.order and review.decision in APPROVALS for review in reviews)
        rejections = sum(review.stage == stage.order and review.decision == Verdict.REJECTED for review in reviews)
        is_met = approvals >= stage.quorum and not (index == len(stages) - 1 and needs_another)
        state: Literal["passed", "open", "to_come", "refused"] = (
            "to_come" if is_closed else "refused" if rejections >= (1 if stage.veto else stage.quorum)
            else "passed" if is_met else "open")
        is_closed = is_closed or state != "passed"
        told.append(StageStanding(stage, approvals, rejections, state))
    states = {each.state for each in told}
    outcome = (VersionState.REJECTED if "refused" in states else VersionState.APPROVED if states == {"passed"}
               else VersionState.TO_REVIEW)
    return Standing(tuple(told), outcome, needs_another and any(each.approvals for each in told))
