"""Luma at twice or four times the raster: a bicubic picture and what a small residual network adds to it.

Only luma, because colour was recorded at half its resolution or less: a network that never sees colour cannot shift it.
It sees the moment itself and, where there are any, drafts of its neighbours: what each of them shows at every point of
the larger raster that the moment alone does not (`compute.drafts`, after Wang et al. 2018, SOF-VSR). Without neighbours
the drafts are nothing at all, and it is a network for single pictures.

Method: residual blocks without normalisation (Lim et al. 2017, EDSR) at the source's raster, then sub-pixel convolution
(Shi et al. 2016). With 32 channels and 12 blocks, as for four times, that is some 245 000 parameters, about 170 GFLOP
for 720x480; with 8, as for twice, some 154 000; with 80 channels and 20 blocks, for a GPU, some 2.4 million.
"""

from typing import cast

from torch import Tensor, nn
from torch.nn.functional import interpolate

from restoration.engine.networks.residual import Block

NEIGHBOURS = 4  # Moments whose drafts are shown: two before, two after.


class Upscaler(nn.Module):
    """scale: 2 or 4."""

    def __init__(self, scale: int, channels: int = 32, blocks: int = 8) -> None:
        super().__init__()
        self.scale = scale
        self.head = nn.Conv2d(1, channels, 3, padding=1)
        self.others = nn.Conv2d(NEIGHBOURS * scale * scale, channels, 3, padding=1, bias=False)
        self.body = nn.Sequential(*(Block(channels) for _ in range(blocks)))
        self.tail = nn.Conv2d(channels, scale * scale, 3, padding=1)
        self.spread = nn.PixelShuffle(scale)
        for nothing in (self.others.weight, self.tail.weight, cast(Tensor, self.tail.bias)):
            nn.init.zeros_(nothing)

    def forward(self, shown: Tensor) -> Tensor:
        """shown float32 [N, 1, H, W], luma 0..1, or [N, 1 + NEIGHBOURS scale^2, H, W], with the drafts of its
        neighbours -> [N, 1, scale H, scale W], not clipped. Beyond the edges lie the zeros of the convolutions, as they
        did around the patches it learnt from."""
        luma, drafts = shown[:, :1], shown[:, 1:]
        features = self.head(luma - 0.5)
        if drafts.shape[1]:
            features = features + self.others(drafts)
        detail = self.spread(self.tail(self.body(features) + features))
        smooth = interpolate(luma, scale_factor=self.scale, mode="bicubic", align_corners=False)
        return cast(Tensor, smooth + detail)
