"""Dense inverse search (Kroeger et al. 2016), OpenCV's, down to the full raster and on one thread: it would cut the
picture into as many stripes as it has threads and find other flows in each, and what is found must not depend on the
machine."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from restoration.engine.compute.opencv import cv2

Picture = npt.NDArray[np.uint8]


def searched(one: Picture, other: Picture, *, stride: int = 3, steps: int = 16, smoothed: int = 5,
             beginning: Tensor | None = None) -> Tensor:
    """The flow float32 [2, H, W] from `one` to `other`, both [H, W], on the CPU, as `motion.estimate` gives it.

    stride: pixels from patch to patch; steps: of descent for each; smoothed: rounds in which the flow is brought
    together; beginning: a flow to begin from.
    """
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    search.setFinestScale(0)
    search.setPatchStride(stride)
    search.setGradientDescentIterations(steps)
    search.setVariationalRefinementIterations(smoothed)
    begun = None if beginning is None else beginning.permute(1, 2, 0).contiguous().cpu().numpy()
    # None begins without a flow, which its types do not know.
    flow = search.calc(one, other, begun)  # type: ignore[arg-type]
    return torch.from_numpy(flow).permute(2, 0, 1).contiguous()
