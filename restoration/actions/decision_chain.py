"""All decisions as one chain: each carries the hash of what it says and of the one before it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.utils.translation import gettext_noop

from archive.models import ProvenanceEvent
from restoration.actions.failing import Sentence
from restoration.models import Review, ReviewChain

ONE = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """`length` decisions were read; `head` is the hash of the last; `faults` are sentences about rows."""

    length: int
    head: str
    faults: tuple[Sentence, ...]


def append(review: Review) -> Review:
    """Seal a decision and keep it as the last of the chain. Call it inside a transaction: the end of the chain stays
    locked until that ends, so that decisions come one after the other."""
    ReviewChain.objects.get_or_create(pk=ONE)
    chain = ReviewChain.objects.select_for_update().get(pk=ONE)
    review.number, review.prev_hash = chain.length + 1, chain.head
    review.hash = hash_of(review)
    review.save(force_insert=True)
    return review


def hash_of(review: Review) -> str:
    """SHA-256, as hexadecimal digits, over the canonical JSON of everything that a decision says."""
    text = json.dumps(_content(review), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _content(review: Review) -> dict[str, Any]:
    return {
        "number": review.number, "prev_hash": review.prev_hash, "version": review.version_id,
        "reviewer": review.reviewer_id, "decision": str(review.decision), "reason": review.reason,
        "stage": review.stage, "stages": review.stages, "watched": review.watched,
        "master_sha256": review.master_sha256, "pair_reel_sha256": review.pair_reel_sha256,
        "decided_at": review.decided_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }


def check() -> Checked:
    """Read every decision again and follow the chain from its beginning to its end."""
    faults, number, last = list[Sentence](), 0, ""
    recorded = _recorded()
    for review in Review.objects.select_related("version__asset", "reviewer").order_by("number").iterator(500):
        faults += _faults_of(review, number, last, recorded.get(review.pk))
        number, last = review.number, review.hash
    chain = ReviewChain.objects.filter(pk=ONE).first() or ReviewChain()
    if (chain.length, chain.head) != (number, last):
        faults.append(Sentence(gettext_noop("The chain ends at decision {number}, but {length} were made."),
                               {"number": number, "length": chain.length}))
    return Checked(number, last, tuple(faults))


def _faults_of(review: Review, number: int, last: str, recorded: str | None) -> Iterator[Sentence]:
    who = {"number": review.number, "version": str(review.version), "reviewer": str(review.reviewer),
           "accession_number": review.version.asset.accession_number}
    if review.number != number + 1:
        yield Sentence(gettext_noop("Between decision {before} and decision {number} something is missing."),
                       {"before": number, "number": review.number})
    elif review.prev_hash != last:
        yield Sentence(gettext_noop("Decision {number} ({version} of {accession_number}, by {reviewer}) does not "
                                    "follow the one before it."), who)
    if hash_of(review) != review.hash:
        yield Sentence(gettext_noop("Decision {number} ({version} of {accession_number}, by {reviewer}) says something "
                                    "else than when it was made."), who)
    elif recorded is not None and recorded != review.hash:
        yield Sentence(gettext_noop("Decision {number} ({version} of {accession_number}, by {reviewer}) differs from "
                                    "what provenance recorded of it."), who)


def _recorded() -> dict[int, str]:
    """What provenance says of each decision, by its key."""
    told = ProvenanceEvent.objects.filter(facts__has_key="decision_hash").values_list(
        "facts__review", "facts__decision_hash")
    return {int(review): seal for review, seal in told}
