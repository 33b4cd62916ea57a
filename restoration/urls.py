"""Every address of restoration."""

from django.urls import path

from restoration.views import analyses, deliveries, downloads, evidence, findings, home, reels, reviews, runs, versions

urlpatterns = [
    path("restoration/", home.bench, name="restoration-home"),
    path("files/<uuid:pk>/analyse", analyses.queue, name="analysis-new"),
    path("analyses/<int:pk>/", analyses.show, name="analysis"),
    path("analyses/<int:pk>/progress", analyses.progress, name="analysis-progress"),
    path("analyses/<int:pk>/report.json", analyses.report, name="analysis-report"),
    path("analyses/<int:pk>/frames/<int:frame>.png", evidence.frame, name="analysis-frame"),
    path("analyses/<int:pk>/frames/<int:frame>/<slug:defect>.png", evidence.mask, name="analysis-mask"),
    path("analyses/<int:pk>/evidence/<int:shot>/<slug:defect>", evidence.show, name="analysis-evidence"),
    path("analyses/<int:pk>/findings.csv", findings.table, name="analysis-findings"),
    path("analyses/<int:pk>/cancel", analyses.cancel, name="analysis-cancel"),
    path("analyses/<int:pk>/again", analyses.resume, name="analysis-again"),
    path("analyses/<int:pk>/propose", versions.propose, name="version-propose"),
    path("versions/<int:pk>/", versions.show, name="version"),
    path("versions/<int:pk>/run", runs.queue, name="run-new"),
    path("versions/<int:pk>/deliver", deliveries.prepare, name="delivery-new"),
    path("runs/<int:pk>/", runs.show, name="run"),
    path("runs/<int:pk>/progress", runs.progress, name="run-progress"),
    path("runs/<int:pk>/cancel", runs.cancel, name="run-cancel"),
    path("runs/<int:pk>/resume", runs.resume, name="run-resume"),
    path("review/", reviews.inbox, name="review-inbox"),
    path("review/<int:pk>/", reviews.room, name="review"),
    path("review/<int:pk>/approve", reviews.approve, name="review-approve"),
    path("review/<int:pk>/reject", reviews.reject, name="review-reject"),
    path("review/<int:pk>/reel.mp4", reels.pair_reel, name="pair-reel"),
    path("review/<int:pk>/still/<int:frame>.png", reels.still, name="still"),
    path("deliveries/", deliveries.index, name="deliveries"),
    path("deliveries/<uuid:pk>/", deliveries.show, name="delivery"),
    path("deliveries/<uuid:pk>/progress", deliveries.progress, name="delivery-progress"),
    path("deliveries/<uuid:pk>/package", deliveries.package, name="delivery-package"),
    path("deliveries/<uuid:pk>/release", deliveries.release, name="delivery-release"),
    path("deliveries/<uuid:pk>/revoke", deliveries.revoke, name="delivery-revoke"),
    path("deliveries/<uuid:pk>/terms", deliveries.accept, name="delivery-accept"),
    path("deliveries/items/<int:pk>", downloads.download, name="delivery-item"),
]
