"""What is done with the holdings. Import models from here; the modules inside may move."""

from restoration.models.analysis import Analysis
from restoration.models.annotation import Annotation, AnnotationReply
from restoration.models.delivery import Delivery, DeliveryItem, Download, TermsAcceptance
from restoration.models.notice import Notice
from restoration.models.review import Review
from restoration.models.run import Run, RunLogLine, RunShot
from restoration.models.shots import ShotVerdict
from restoration.models.version import Version
from restoration.models.weights import Weights

__all__ = [
    "Analysis",
    "Annotation",
    "AnnotationReply",
    "Delivery",
    "DeliveryItem",
    "Download",
    "Notice",
    "Review",
    "Run",
    "RunLogLine",
    "RunShot",
    "ShotVerdict",
    "TermsAcceptance",
    "Version",
    "Weights",
]
