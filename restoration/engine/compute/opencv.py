"""OpenCV as everybody here asks it: on one thread, for the whole life of the process.

How many threads it takes is one number for all that ask it, and for a search of motion that number decides what is
found. Its threads would also spin beside those that decode, compute and encode.
"""

import cv2

cv2.setNumThreads(1)

__all__ = ["cv2"]
