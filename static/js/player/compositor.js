import { paintBlend, paintChanged, paintDifference, paintFlick, paintSide, paintWipe } from "./modes.js";

export { visible } from "./picture.js";

/**
 * Draws the two sides into one canvas: with a line between them, next to each other, one at a time, what one has that
 * the other has not, one through the other, and where repairs changed the picture.
 */
const PAINT = {
  wipe: paintWipe,
  side: paintSide,
  flick: paintFlick,
  difference: paintDifference,
  blend: paintBlend,
  changed: paintChanged,
};

export const MODES = Object.keys(PAINT);

/** Modes in which small differences count: the reel's own compression would be taken for one. */
export const isExacting = (mode) => mode === "difference" || mode === "changed";

/** The rectangles of the canvas that show a picture: two next to each other, or one. */
export function panes(canvas, mode) {
  const { width, height } = canvas;
  if (mode !== "side") return [{ x: 0, y: 0, width, height }];
  const isTall = height > width;
  const half = Math.floor((isTall ? height : width) / 2);
  return isTall
    ? [{ x: 0, y: 0, width, height: half }, { x: 0, y: height - half, width, height: half }]
    : [{ x: 0, y: 0, width: half, height }, { x: width - half, y: 0, width: half, height }];
}

/**
 * `areas`: masks of what was changed, each tinted on black, where they are known of this frame; else null. `isMoving`:
 * whether the next picture is due within a few hundredths of a second; then nobody sees how finely this one is scaled.
 */
export function paint(context, sides, look, viewport, { areas = null, isMoving = false } = {}) {
  const { canvas } = context;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = isMoving ? "low" : "high";
  PAINT[look.mode]({ context, sides, look, viewport, areas, panes: panes(canvas, look.mode) });
}
