import { paintInto, visible } from "./picture.js";

// How much a difference is raised where it stands for masks that are not known.
const GAIN_FOR_AREAS = 8;
const scratch = document.createElement("canvas");

const inOrder = (sides, look) => (look.isSwapped ? [sides[1], sides[0]] : sides);

export function paintSide({ context, sides, look, viewport, panes }) {
  inOrder(sides, look).forEach((side, index) => paintInto(context, side, panes[index], viewport));
}

export function paintFlick({ context, sides, look, viewport, panes: [pane] }) {
  paintInto(context, sides[look.side], pane, viewport);
}

export function paintWipe({ context, sides, look, viewport, panes: [pane] }) {
  const [first, second] = inOrder(sides, look);
  const area = visible(pane, viewport);
  const isLying = look.isHorizontal;
  const cut = Math.round((isLying ? area.height : area.width) * look.wipe);
  paintInto(context, first, pane, viewport, isLying ? { ...area, height: cut } : { ...area, width: cut });
  paintInto(context, second, pane, viewport, isLying
    ? { ...area, y: area.y + cut, height: area.height - cut }
    : { ...area, x: area.x + cut, width: area.width - cut });
}

export function paintBlend({ context, sides, look, viewport, panes: [pane] }) {
  paintInto(context, sides[0], pane, viewport);
  context.globalAlpha = look.blend;
  paintInto(context, sides[1], pane, viewport);
  context.globalAlpha = 1;
}

/** Absolute, channel by channel; each doubling of the gain adds the picture to itself. */
export function paintDifference({ context, sides, look, viewport, panes: [pane] }) {
  subtract(context, sides, pane, viewport, look.gain);
}

/** The restored side, grey and dim, and on it in colour where repairs worked. */
export function paintChanged({ context, sides, viewport, areas, panes: [pane] }) {
  paintInto(context, sides[1], pane, viewport);
  const area = visible(pane, viewport);
  cover(context, area, "saturation", "#808080");
  cover(context, area, "multiply", "#737373");
  context.globalCompositeOperation = "lighter";
  if (areas) for (const each of areas) paintInto(context, each, pane, viewport);
  else context.drawImage(raised(context.canvas, sides, pane, viewport), 0, 0);
  context.globalCompositeOperation = "source-over";
}

function cover(context, area, operation, colour) {
  context.globalCompositeOperation = operation;
  context.fillStyle = colour;
  context.fillRect(area.x, area.y, area.width, area.height);
  context.globalCompositeOperation = "source-over";
}

function raised(canvas, sides, pane, viewport) {
  Object.assign(scratch, { width: canvas.width, height: canvas.height });
  const context = scratch.getContext("2d");
  subtract(context, sides, pane, viewport, 1);
  // By one fill instead of several additions: this is drawn while it plays.
  const by = Math.round(255 * (1 - 1 / GAIN_FOR_AREAS));
  cover(context, visible(pane, viewport), "color-dodge", `rgb(${by} ${by} ${by})`);
  return scratch;
}

function subtract(context, sides, pane, viewport, gain) {
  paintInto(context, sides[0], pane, viewport);
  context.globalCompositeOperation = "difference";
  paintInto(context, sides[1], pane, viewport);
  context.globalCompositeOperation = "lighter";
  const { x, y, width, height } = visible(pane, viewport);
  for (let made = 1; made < gain; made *= 2) {
    context.drawImage(context.canvas, x, y, width, height, x, y, width, height);
  }
  context.globalCompositeOperation = "source-over";
}
