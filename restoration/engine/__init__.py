"""How it is done: a restoration engine that knows no Django.

The front door is light (settings, facts, progress, errors); torch sits behind `pipeline`.
"""

VERSION = "0.1.0"
