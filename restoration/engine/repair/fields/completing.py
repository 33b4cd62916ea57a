"""A whole picture from one field and its neighbours, at the field's own moment.

Method: the temporal and spatial filters and the limits of bwdif (after Weston's w3fdif, BBC R&D, and yadif), used
twice: once on the neighbouring fields as they lie, once on the fields brought along their motion (compute.motion,
between fields of the same parity). Each point takes whichever neighbours agree better with each other and with the
recorded lines around it. What stands still is woven; what nothing explains is interpolated within the field.

Each output needs the two fields before and the two after it (`NEIGHBOURS`), never beyond those it is given; beyond the
first and the last field the other side stands in.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean, padded
from restoration.engine.compute.motion import estimate, warp
from restoration.engine.repair.fields.field import Field

NEIGHBOURS = 2

# FFmpeg's constants, in 8192ths: low band, high band, and the field alone.
_LOW = (4309 / 8192, 213 / 8192)
_HIGH = (5570 / 8192, 3801 / 8192, 1016 / 8192)
_ALONE = (5077 / 8192, 981 / 8192)
_DOUBT = 16.0


@dataclass(frozen=True, slots=True)
class Window:
    """One field to complete and its neighbours, None beyond the ends. `before` and `after` hold the missing rows,
    `earlier` and `later` the same rows as the field."""

    earlier: Field | None
    before: Field | None
    field: Field
    after: Field | None
    later: Field | None


@dataclass(frozen=True, slots=True)
class _Around:
    """Lines of the neighbours at the field's moment, all [3, H/2, W]: the missing rows, then the recorded ones."""

    before: Tensor
    after: Tensor
    earlier: Tensor
    later: Tensor


@dataclass(frozen=True, slots=True)
class _Rows:
    """The field's recorded lines and what they alone say of the missing ones. Row i of `above` and `below` are the
    recorded neighbours of missing row i; `low` is their low band, `alone` the best guess without other fields."""

    lines: Tensor
    shift: int
    above: Tensor
    below: Tensor
    low: Tensor
    alone: Tensor

    def between(self, lines: Tensor) -> Tensor:
        """The mean of the two recorded rows around each missing row, of values that belong to recorded rows."""
        return 0.5 * (_row(lines, self.shift) + _row(lines, self.shift + 1))


def completed(window: Window, keep_lines: bool) -> Tensor:
    """The planes [3, H, W] of the window's field with the lines between made. With `keep_lines` the recorded lines are
    bit for bit those of the source; without it they are calmed vertically where they stand out from the made lines on
    both sides."""
    field = window.field
    missing = _missing_lines(window)
    planes = torch.empty_like(field.frame.planes)
    planes[:, 1 - field.parity::2] = missing
    planes[:, field.parity::2] = field.lines if keep_lines else _calmed(field, missing)
    return planes


def _calmed(field: Field, missing: Tensor) -> Tensor:
    """Recorded lines moved a quarter towards the lines around them, only where both neighbours ask for the same."""
    above, below = (_row(missing, -1), missing) if field.parity == 0 else (missing, _row(missing, 1))
    up, down = above - field.lines, below - field.lines
    agreed = torch.where(up * down > 0, torch.minimum(up.abs(), down.abs()) * up.sign(), torch.zeros_like(up))
    return field.lines + 0.25 * agreed


def _row(lines: Tensor, step: int) -> Tensor:
    """The lines moved so that row i holds what row i + step held; the outermost row repeats."""
    if step == 0:
        return lines
    height, reach = lines.shape[-2], abs(step)
    return padded(lines, y=reach).narrow(-2, reach + step, height)


def _missing_lines(window: Window) -> Tensor:
    """[3, H/2, W]: what the camera would have recorded between the field's lines."""
    rows = _rows_of(window.field)
    if window.earlier is None and window.later is None:
        return rows.alone
    still, moved = _as_they_lie(window), _along_motion(window, rows.shift)
    is_moved = _misfit(moved, rows) < _misfit(still, rows)
    return torch.where(is_moved, _completed(moved, rows, is_still=False), _completed(still, rows, is_still=True))


def _rows_of(field: Field) -> _Rows:
    shift = 0 if field.parity == 0 else -1
    lines = field.lines
    above, below = _row(lines, shift), _row(lines, shift + 1)
    outer = _row(lines, shift - 1) + _row(lines, shift + 2)
    return _Rows(lines, shift, above, below, (above + below) * _LOW[0] - outer * _LOW[1],
                 (above + below) * _ALONE[0] - outer * _ALONE[1])


def _misfit(around: _Around, rows: _Rows) -> Tensor:
    """How badly the neighbours' luma agrees with each other and with the recorded lines, over 5x5 points."""
    recorded = (around.earlier[0] - rows.lines[0]).abs() + (around.later[0] - rows.lines[0]).abs()
    return box_mean((around.before[0] - around.after[0]).abs() + rows.between(recorded), 2)


def _as_they_lie(window: Window) -> _Around:
    before, after = window.before or window.after, window.after or window.before
    earlier, later = window.earlier or window.later, window.later or window.earlier
    if before is None or after is None or earlier is None or later is None:
        raise ValueError("A field without neighbours has nothing to lie on.")
    return _Around(before.lines, after.lines, earlier.lines, later.lines)


def _along_motion(window: Window, shift: int) -> _Around:
    """The neighbours fetched along the motion from the field to the next of its parity, half as far for the others."""
    past = _fetched(window.field, window.before, window.earlier, shift)
    future = _fetched(window.field, window.after, window.later, shift)
    past, future = past or future, future or past
    if past is None or future is None:
        return _as_they_lie(window)
    return _Around(past[0], future[0], past[1], future[1])


def _fetched(field: Field, near: Field | None, far: Field | None, shift: int) -> tuple[Tensor, Tensor] | None:
    if near is None or far is None:
        return None
    flow = estimate(field.lines[0], far.lines[0])
    halfway = 0.25 * (_row(flow, shift) + _row(flow, shift + 1))
    return warp(near.lines, halfway, mode="bicubic"), warp(far.lines, flow, mode="bicubic")


def _completed(around: _Around, rows: _Rows, *, is_still: bool) -> Tensor:
    """The missing lines from neighbours at the field's moment.

    Still neighbours: bwdif's choice, kept as near to the temporal mean as the fields' differences allow. Moved ones:
    w3fdif's low band of the field and high band of the neighbours, drawn towards the neighbours' mean as far as the
    field's own vertical detail outweighs the neighbours' disagreement (Wiener's weight), since a flow is never exact.
    """
    both = around.before + around.after
    mean, apart = 0.5 * both, (around.before - around.after).abs()
    past, future = (around.earlier - rows.lines).abs(), (around.later - rows.lines).abs()
    allowed = torch.maximum(torch.maximum(0.5 * apart, rows.between(past)), rows.between(future))
    filtered = rows.low + 0.25 * (both * _HIGH[0] - (_row(both, -1) + _row(both, 1)) * _HIGH[1]
                                  + (_row(both, -2) + _row(both, 2)) * _HIGH[2])
    if is_still:
        wanted = torch.where((rows.above - rows.below).abs() > apart, filtered, rows.alone)
        made = _near(mean, wanted, _room(both, rows, allowed))
    else:
        made = filtered + _trust(rows, allowed) * (mean - filtered)
    for edge in (slice(0, 2), slice(-2, None)):
        average = 0.5 * (rows.above[:, edge] + rows.below[:, edge])
        made[:, edge] = _near(mean[:, edge], average, allowed[:, edge])
    return made


def _near(middle: Tensor, wanted: Tensor, room: Tensor) -> Tensor:
    return torch.minimum(torch.maximum(wanted, middle - room), middle + room)


def _room(both: Tensor, rows: _Rows, allowed: Tensor) -> Tensor:
    """How far from the temporal mean a point may go; nowhere where nothing differs, further where lines would comb."""
    over, under = 0.5 * both - rows.above, 0.5 * both - rows.below
    upper, lower = 0.5 * _row(both, -1) - rows.above, 0.5 * _row(both, 1) - rows.below
    highest = torch.maximum(torch.maximum(under, over), torch.minimum(upper, lower))
    lowest = torch.minimum(torch.minimum(under, over), torch.maximum(upper, lower))
    return torch.where(allowed == 0, allowed, torch.maximum(torch.maximum(allowed, lowest), -highest))


def _trust(rows: _Rows, allowed: Tensor) -> Tensor:
    curvature = (rows.lines - 0.5 * (_row(rows.lines, -1) + _row(rows.lines, 1))).abs()
    detail = box_mean(rows.between(curvature), 2).square_()
    return detail / (detail + _DOUBT * box_mean(allowed, 2).square_() + 1e-7)
