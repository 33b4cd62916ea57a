import { paint, panes, visible } from "./compositor.js";
import { ZOOMS } from "./viewport.js";

const KEY_STEP = 0.02;

/**
 * The canvas and what a hand does on it: drag the wipe, push the picture, zoom with the wheel. It draws `sides()`
 * whenever something changed, at most once per screen refresh. Fires "change" when a hand changed the look, and "drawn".
 */
export class Stage extends EventTarget {
  #isDirty = false;

  constructor({ canvas, handle, tags }, viewport, look, sides) {
    super();
    Object.assign(this, { canvas, handle, tags, viewport, look, sides });
    this.context = canvas.getContext("2d");
    new ResizeObserver(() => this.#resize()).observe(canvas.parentElement);
    this.#resize();
    this.#listenToHandle();
    this.#listenToCanvas();
  }

  get pane() {
    return panes(this.canvas, this.look.mode)[0];
  }

  get percent() {
    return this.viewport.scale(this.pane) * 100;
  }

  draw() {
    if (this.#isDirty) return;
    this.#isDirty = true;
    requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    this.#isDirty = false;
    const sides = this.sides();
    if (sides) paint(this.context, sides, this.look, this.viewport);
    this.#placeHandle();
    this.#placeTags();
    this.dispatchEvent(new Event("drawn"));
  }

  moveWipe(to) {
    this.look.wipe = Math.max(0, Math.min(1, to));
    this.#changed();
  }

  zoom(zoom, x, y) {
    this.viewport.zoomAt(this.pane, zoom, x, y);
    this.#changed();
  }

  #changed() {
    this.draw();
    this.dispatchEvent(new Event("change"));
  }

  #resize() {
    const { clientWidth, clientHeight } = this.canvas.parentElement;
    this.canvas.width = Math.max(1, Math.round(clientWidth * devicePixelRatio));
    this.canvas.height = Math.max(1, Math.round(clientHeight * devicePixelRatio));
    this.draw();
    this.dispatchEvent(new Event("resize"));
  }

  #placeHandle() {
    const { look, handle } = this;
    handle.hidden = look.mode !== "wipe";
    const area = visible(this.pane, this.viewport);
    const set = (name, value) => handle.style.setProperty(name, `${value / devicePixelRatio}px`);
    const along = look.isHorizontal ? area.height : area.width;
    set("--at", (look.isHorizontal ? area.y : area.x) + along * look.wipe);
    set("--from", look.isHorizontal ? area.x : area.y);
    set("--length", look.isHorizontal ? area.width : area.height);
    handle.classList.toggle("lying", look.isHorizontal);
    handle.setAttribute("aria-orientation", look.isHorizontal ? "vertical" : "horizontal");
    handle.setAttribute("aria-valuenow", Math.round(look.wipe * 100));
  }

  /** Each label keeps to its own side of the picture, and says nothing where its side is not seen. */
  #placeTags() {
    const { look, tags: [first, second] } = this;
    first.hidden = look.mode === "flick" ? look.side !== 0 : look.mode === "wipe" && look.wipe < 0.02;
    second.hidden = look.mode === "flick" ? look.side !== 1 : look.mode === "wipe" && look.wipe > 0.98;
    const all = panes(this.canvas, look.mode);
    const areas = [visible(all[0], this.viewport), visible(all.at(-1), this.viewport)];
    [first, second].forEach((tag, index) => {
      const area = areas[index];
      const isLow = index === 1 && look.mode === "wipe" && look.isHorizontal;
      tag.style.setProperty("--left", `${area.x / devicePixelRatio}px`);
      tag.style.setProperty("--right", `${(this.canvas.width - area.x - area.width) / devicePixelRatio}px`);
      tag.style.setProperty("--top", `${(isLow ? area.y + area.height - 44 * devicePixelRatio : area.y) / devicePixelRatio}px`);
      tag.classList.toggle("at-end", index === 1 && look.mode === "wipe" && !look.isHorizontal);
    });
  }

  #listenToHandle() {
    const { handle } = this;
    drag(handle, (event) => this.moveWipe(this.#shareAt(event)));
    handle.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, PageUp: -5, PageDown: 5 };
      const target = { Home: 0, End: 1 }[event.key] ?? this.look.wipe + (steps[event.key] ?? NaN) * KEY_STEP;
      if (Number.isNaN(target)) return;
      event.preventDefault();
      this.moveWipe(target);
    });
  }

  #listenToCanvas() {
    const { canvas, viewport } = this;
    drag(canvas, (event) => {
      if (viewport.zoom === "fit") return;
      viewport.pan(this.pane, event.movementX * devicePixelRatio, event.movementY * devicePixelRatio);
      this.#changed();
    });
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const index = ZOOMS.indexOf(viewport.zoom) - Math.sign(event.deltaY);
      const zoom = ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, index))];
      if (zoom !== viewport.zoom) this.zoom(zoom, ...this.#pointInPane(event));
    }, { passive: false });
  }

  #pointInPane(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.x) * devicePixelRatio, (event.clientY - box.y) * devicePixelRatio];
    const pane = panes(this.canvas, this.look.mode).findLast((each) => x >= each.x && y >= each.y);
    return [x - pane.x, y - pane.y];
  }

  #shareAt(event) {
    const area = visible(this.pane, this.viewport);
    const [x, y] = this.#pointInPane(event);
    return this.look.isHorizontal ? (y - area.y) / area.height : (x - area.x) / area.width;
  }
}

function drag(element, move) {
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    element.dataset.held = "";
  });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) move(event);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    element.addEventListener(name, () => delete element.dataset.held);
  }
}
