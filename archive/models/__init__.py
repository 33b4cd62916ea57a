"""What we hold. Import models from here; the modules inside may move."""

from archive.models.agent import Agent, Credit
from archive.models.asset import Asset, AssetDate, AssetPlace, AssetTitle, Subject
from archive.models.collection import Collection
from archive.models.instantiation import Instantiation
from archive.models.media_file import EssenceTrack, FixityCheck, MediaFile
from archive.models.provenance import ProvenanceEvent
from archive.models.rights import RightsStatement
from archive.models.upload import Upload
from archive.models.user import User

__all__ = [
    "Agent",
    "Asset",
    "AssetDate",
    "AssetPlace",
    "AssetTitle",
    "Collection",
    "Credit",
    "EssenceTrack",
    "FixityCheck",
    "Instantiation",
    "MediaFile",
    "ProvenanceEvent",
    "RightsStatement",
    "Subject",
    "Upload",
    "User",
]
