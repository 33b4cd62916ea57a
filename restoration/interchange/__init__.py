"""Remarks on their way to other programs and back: as a table, as OTIO, as markers of an EDL, as a PDF."""
