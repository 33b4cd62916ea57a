"""Bytes and frames run to twelve digits; groups of three can be read, and are what technical papers print."""

NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = ","
