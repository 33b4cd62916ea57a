import os

# SVT-AV1 tells whoever holds the terminal each of its settings, unless it is to tell errors alone.
os.environ.setdefault("SVT_LOG", "1")
