"""Removing what time did. One file per defect; no repair knows another. They run in this order: fields before anything
that looks at whole moments, noise on whole moments along their motion."""

REPAIRS = ("fields", "noise")
