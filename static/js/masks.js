// Masks are drawn with the pointer on any of the pictures, as shares of it; every picture shows them.
const SVG = "http://www.w3.org/2000/svg";
const LEAST = 0.004;
const field = document.querySelector('.sliders [name="masks"]');
const panel = document.querySelector("[data-masks]");
const draw = panel.querySelector('[data-mask="draw"]');
let masks = JSON.parse(field.value || "[]");
let line = null;
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
    picture.append(drawn);
  }
}

function pointOf(event, picture) {
  const box = picture.getBoundingClientRect();
  const share = (value) => Number(Math.max(0, Math.min(1, value)).toFixed(4));
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
draw.addEventListener("click", () => {
  draw.setAttribute("aria-pressed", !isDrawing());
  show();
});
panel.querySelector('[data-mask="undo"]').addEventListener("click", () => { masks.pop(); show(); });
document.body.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "looks") show(); });
panel.hidden = false;
show();
