"""Where an asset stands, kept in its row so that the catalogue can be browsed without a join."""

from archive.actions.catalogue import set_restoration_state
from archive.models import Asset
from archive.vocabularies import RestorationState
from restoration.models import Analysis, Delivery, Run, Version
from restoration.vocabularies import DeliveryState, VersionState, WorkState

JUDGED = {
    VersionState.TO_REVIEW: RestorationState.TO_REVIEW,
    VersionState.REJECTED: RestorationState.REJECTED,
    VersionState.APPROVED: RestorationState.APPROVED,
}


def keep(asset: Asset) -> None:
    """Derive where the asset stands from its analyses, versions, runs and deliveries, and keep it.

    Call it at the end of the transaction of the change: of two at once, the later one sees what the earlier one did.
    """
    Asset.objects.select_for_update(no_key=True).only("pk").get(pk=asset.pk)
    set_restoration_state(asset, standing(asset))


def standing(asset: Asset) -> RestorationState:
    if Run.objects.filter(version__asset=asset, state__in=[WorkState.QUEUED, WorkState.RUNNING]).exists():
        return RestorationState.RESTORING
    if Delivery.objects.filter(version__asset=asset, state=DeliveryState.RELEASED).exists():
        return RestorationState.DELIVERED
    newest = Version.objects.filter(asset=asset, state__in=JUDGED).order_by("-number").values_list("state", flat=True)
    for state in newest[:1]:
        return JUDGED[VersionState(state)]
    is_analysed = Analysis.objects.filter(media_file__instantiation__asset=asset, state=WorkState.FINISHED).exists()
    return RestorationState.ANALYSED if is_analysed else RestorationState.CATALOGUED


