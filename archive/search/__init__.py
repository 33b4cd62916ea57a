"""Finding assets in Latin and Chinese script, and counting what was found by kind, decade, collection and state."""

from archive.search.choice import Choice, narrow
from archive.search.facets import Facet, Facets, facets
from archive.search.fold import fold
from archive.search.index import index_asset, index_assets
from archive.search.query import search

__all__ = ["Choice", "Facet", "Facets", "facets", "fold", "index_asset", "index_assets", "narrow", "search"]
