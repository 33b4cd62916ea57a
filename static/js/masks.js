// Masks are drawn on any of the pictures, by the pointer or, as boxes, by keys; every picture shows them.
const SVG = "http://www.w3.org/2000/svg";
const LEAST = 0.004;
const STEP = 0.01;
const FAR = 0.05;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const field = document.querySelector('.sliders [name="masks"]');
const panel = document.querySelector("[data-masks]");
const draw = panel.querySelector('[data-mask="draw"]');
let masks = JSON.parse(field.value || "[]");
let line = null;
// Where the keys are, and where the box began that they draw.
let cross = null;
let corner = null;
const matrix = () => document.querySelector("[data-matrix]");
const isDrawing = () => draw.getAttribute("aria-pressed") === "true";

function show() {
  field.value = JSON.stringify(masks);
  panel.querySelector('[data-mask="undo"]').disabled = masks.length === 0;
  matrix().toggleAttribute("data-drawing", isDrawing());
  for (const picture of matrix().querySelectorAll("[data-exact]")) {
    picture.querySelector(".masks")?.remove();
    const drawn = document.createElementNS(SVG, "svg");
    drawn.setAttribute("class", "masks");
    drawn.setAttribute("viewBox", "0 0 1 1");
    drawn.setAttribute("preserveAspectRatio", "none");
    drawn.setAttribute("aria-hidden", "true");
    for (const points of line ? [...masks, line] : masks) {
      const polygon = document.createElementNS(SVG, "polygon");
      polygon.setAttribute("points", points.map((point) => point.join(",")).join(" "));
      drawn.append(polygon);
    }
    if (cross) drawn.append(crossAt(cross));
    picture.append(drawn);
  }
}

function crossAt([x, y]) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", `M${x - FAR} ${y}H${x + FAR}M${x} ${y - FAR}V${y + FAR}`);
  return path;
}

const share = (value) => Number(Math.max(0, Math.min(1, value)).toFixed(4));

function pointOf(event, picture) {
  const box = picture.getBoundingClientRect();
  return [share((event.clientX - box.x) / box.width), share((event.clientY - box.y) / box.height)];
}

// Before the zoom, which listens for the same hand.
document.addEventListener("pointerdown", (event) => {
  const picture = isDrawing() && event.target.closest("[data-matrix]:not([data-near='1']) [data-exact]");
  if (!picture || event.button) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  line = [pointOf(event, picture)];
  const move = (next) => {
    const point = pointOf(next, picture);
    const [x, y] = line.at(-1);
    if (Math.hypot(point[0] - x, point[1] - y) < LEAST) return;
    line.push(point);
    show();
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", () => {
    document.removeEventListener("pointermove", move);
    if (line.length > 2) masks.push(line);
    line = null;
    show();
  }, { once: true });
}, true);
document.addEventListener("click", (event) => {
  if (!isDrawing() || !event.target.closest("[data-exact]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
draw.addEventListener("click", (event) => {
  choose(!isDrawing());
  // A button that a key pressed has no pointer over the picture: the keys go on there.
  if (isDrawing() && event.detail === 0) beginByKeys();
});

function choose(isOn) {
  draw.setAttribute("aria-pressed", isOn);
  panel.querySelector("[data-mask-help]").hidden = !isOn;
  [line, cross, corner] = [null, null, null];
  show();
}

function beginByKeys() {
  cross = [0.5, 0.5];
  matrix().focus({ preventScroll: true });
  show();
}

const boxOf = ([left, top], [right, bottom]) => [[left, top], [right, top], [right, bottom], [left, bottom]];

document.addEventListener("keydown", (event) => {
  if (!isDrawing() || !event.target.closest?.("[data-matrix]:not([data-near='1'])")) return;
  if (ARROWS[event.key]) moveCross(ARROWS[event.key], event.shiftKey ? FAR : STEP);
  else if (event.key === " ") turnCorner();
  else if (event.key === "Escape") leaveOff();
  else return;
  event.preventDefault();
  show();
});

function moveCross([across, down], by) {
  const [x, y] = cross ?? [0.5, 0.5];
  cross = [share(x + across * by), share(y + down * by)];
  if (corner) line = boxOf(corner, cross);
}

function turnCorner() {
  cross ??= [0.5, 0.5];
  const hasArea = corner && corner[0] !== cross[0] && corner[1] !== cross[1];
  if (hasArea) masks.push(boxOf(corner, cross));
  corner = corner ? null : cross;
  line = null;
}

/** First the box that was begun, then the drawing. */
function leaveOff() {
  if (corner) [corner, line] = [null, null];
  else {
    choose(false);
    draw.focus();
  }
}

panel.querySelector('[data-mask="undo"]').addEventListener("click", () => { masks.pop(); show(); });
document.body.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "looks") show(); });
panel.hidden = false;
show();
