/**
 * Draws the two sides into one canvas. A side is {image, x, y, width, height}: an image and the part of it to show.
 * Modes: "wipe" (a line between them), "side" (next to each other), "flick" (one at a time).
 */

export const MODES = ["wipe", "side", "flick"];

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

export function paint(context, sides, look, viewport) {
  const { canvas } = context;
  context.clearRect(0, 0, canvas.width, canvas.height);
  const [first, second] = panes(canvas, look.mode);
  context.imageSmoothingQuality = "high";
  if (look.mode === "side") {
    paintInto(context, sides[0], first, viewport);
    paintInto(context, sides[1], second, viewport);
  } else if (look.mode === "wipe") {
    paintWipe(context, sides, first, look, viewport);
  } else {
    paintInto(context, sides[look.side], first, viewport);
  }
}

/** The part of a pane that the picture covers. */
export function visible(pane, viewport) {
  const rectangle = viewport.rectangle(pane);
  const left = Math.max(0, rectangle.x);
  const top = Math.max(0, rectangle.y);
  return {
    x: pane.x + left,
    y: pane.y + top,
    width: Math.min(pane.width, rectangle.x + rectangle.width) - left,
    height: Math.min(pane.height, rectangle.y + rectangle.height) - top,
  };
}

function paintWipe(context, sides, pane, look, viewport) {
  const area = visible(pane, viewport);
  const isLying = look.isHorizontal;
  const cut = Math.round((isLying ? area.height : area.width) * look.wipe);
  paintInto(context, sides[0], pane, viewport, isLying
    ? { ...area, height: cut }
    : { ...area, width: cut });
  paintInto(context, sides[1], pane, viewport, isLying
    ? { ...area, y: area.y + cut, height: area.height - cut }
    : { ...area, x: area.x + cut, width: area.width - cut });
}

function paintInto(context, side, pane, viewport, clip = pane) {
  if (clip.width <= 0 || clip.height <= 0) return;
  const to = viewport.rectangle(pane);
  context.save();
  context.beginPath();
  context.rect(clip.x, clip.y, clip.width, clip.height);
  context.clip();
  // Drawn at a whole multiple a pixel is a square: whoever looks this close looks at pixels. Else squares would differ.
  context.imageSmoothingEnabled = to.width < side.width || to.width % side.width !== 0;
  context.drawImage(side.image, side.x, side.y, side.width, side.height,
    pane.x + to.x, pane.y + to.y, to.width, to.height);
  context.restore();
}
