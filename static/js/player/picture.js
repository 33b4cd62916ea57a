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

/** Draw a side where the viewport has it, within `clip`. A side is {image, x, y, width, height}: an image and its part. */
export function paintInto(context, side, pane, viewport, clip = pane) {
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
