"""What is done with the holdings. Import models from here; the modules inside may move."""

from restoration.models.adaptation import Adaptation
from restoration.models.analysis import Analysis
from restoration.models.annotation import Annotation, AnnotationReply
from restoration.models.assignment import Assignment
from restoration.models.clip import BeforeAfterClip
from restoration.models.delivery import Delivery, DeliveryItem, Download, TermsAcceptance
from restoration.models.inspection import Inspection
from restoration.models.look import Look
from restoration.models.notice import Notice
from restoration.models.policy import ApprovalPolicy, PolicyStage
from restoration.models.preset import Preset
from restoration.models.review import Review, ReviewChain
from restoration.models.run import Run, RunLogLine, RunShot
from restoration.models.shots import ShotOverride, ShotVerdict
from restoration.models.trial import BlindTrial, BlindVote
from restoration.models.version import Version
from restoration.models.weights import Weights

__all__ = [
    "Adaptation",
    "Analysis",
    "Annotation",
    "AnnotationReply",
    "ApprovalPolicy",
    "Assignment",
    "BeforeAfterClip",
    "BlindTrial",
    "BlindVote",
    "Delivery",
    "DeliveryItem",
    "Download",
    "Inspection",
    "Look",
    "Notice",
    "PolicyStage",
    "Preset",
    "Review",
    "ReviewChain",
    "Run",
    "RunLogLine",
    "RunShot",
    "ShotOverride",
    "ShotVerdict",
    "TermsAcceptance",
    "Version",
    "Weights",
]
