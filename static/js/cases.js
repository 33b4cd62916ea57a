// Pictures side by side share one place: at 1:1 all show the same pixels, and move together.
let near = "fit";
let place = { across: 50, down: 50 };
const find = () => document.querySelector("[data-matrix]");
const nearness = document.querySelector("[data-nearness]");

function show() {
  const matrix = find();
  matrix.dataset.near = near;
  matrix.style.setProperty("--shape", matrix.dataset.shape);
  matrix.style.setProperty("--across", `${place.across}%`);
  matrix.style.setProperty("--down", `${place.down}%`);
  for (const button of nearness.querySelectorAll("[data-near]")) {
    button.setAttribute("aria-pressed", button.dataset.near === near);
  }
  if (near === "fit") return;
  for (const link of matrix.querySelectorAll("[data-exact]")) {
    const image = link.querySelector("img");
    if (image.getAttribute("src") !== link.dataset.exact) image.src = link.dataset.exact;
  }
}

function goNear(to, across = place.across, down = place.down) {
  near = to;
  place = { across: Math.max(0, Math.min(100, across)), down: Math.max(0, Math.min(100, down)) };
  show();
}

function press(event) {
  const link = event.target.closest?.("[data-exact]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (near === "1" && !moved) goNear("fit");
  else if (near === "fit") {
    const box = link.getBoundingClientRect();
    goNear("1", (event.clientX - box.x) / box.width * 100, (event.clientY - box.y) / box.height * 100);
  }
}

let held = null;
let moved = false;
function hold(event) {
  const link = event.target.closest("[data-exact]");
  moved = false;
  if (!link || near !== "1" || event.button) return;
  event.preventDefault();
  held = { x: event.clientX, y: event.clientY, ...place, link };
}

function move(event) {
  if (!held) return;
  const image = held.link.querySelector("img");
  const along = (delta, seen, whole) => (whole > seen ? delta / (whole - seen) * 100 : 0);
  const [x, y] = [held.x - event.clientX, held.y - event.clientY];
  moved ||= Math.hypot(x, y) > 3;
  goNear("1", held.across + along(x, image.clientWidth, image.naturalWidth),
    held.down + along(y, image.clientHeight, image.naturalHeight));
}

document.addEventListener("click", press);
document.addEventListener("pointerdown", hold);
document.addEventListener("pointermove", move);
document.addEventListener("pointerup", () => { held = null; });
nearness.hidden = false;
show();
nearness.addEventListener("click", (event) => {
  const button = event.target.closest("[data-near]");
  if (button) goNear(button.dataset.near);
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input:not([type=range]), select, textarea") || event.ctrlKey || event.metaKey) return;
  const steps = { ArrowLeft: [-4, 0], ArrowRight: [4, 0], ArrowUp: [0, -4], ArrowDown: [0, 4] }[event.key];
  if (event.key === "z") goNear(near === "fit" ? "1" : "fit");
  else if (steps && near === "1" && event.target.matches("[data-matrix], [data-exact]")) {
    event.preventDefault();
    goNear("1", place.across + steps[0], place.down + steps[1]);
  }
});
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "looks") show();
});

// Back to what the version has.
document.querySelector(".sliders").addEventListener("click", (event) => {
  const setting = event.target.closest("[data-back]")?.closest("[data-setting]");
  if (!setting) return;
  const field = setting.querySelector("input:not([type=hidden]), select");
  if (field.type === "checkbox") field.checked = setting.dataset.recommended === "on";
  else field.value = setting.dataset.recommended;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// Whoever moves a slider of a repair that is off wants it on: nothing would come of it otherwise.
document.querySelector(".sliders").addEventListener("input", (event) => {
  const [section, name] = event.target.name.split(".");
  const turn = event.currentTarget.querySelector(`[name="${section}.enabled"]`);
  if (!event.isTrusted || !name || name === "enabled" || !turn || turn.checked) return;
  turn.checked = true;
  turn.dispatchEvent(new Event("input", { bubbles: true }));
});
