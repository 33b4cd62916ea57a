import { paint, panes, visible } from "./compositor.js";
import { ZOOMS } from "./viewport.js";

const KEY_STEP = 0.02;

/**
 * The canvas and what a hand does on it: drag the wipe, push the picture, zoom with the wheel. It draws `sides()`
 * whenever something changed, at most once per screen refresh. Fires "change" when a hand changed the look, and "drawn".
 */
export class Stage extends EventTarget {
  #isDirty = false;

  constructor({ canvas, handle, tags }, viewport, look, { sides, areas, isMoving }) {
    super();
    Object.assign(this, { canvas, handle, tags, viewport, look, sides, areas, isMoving });
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

  /** The part of the picture that is seen, as fractions of it. */
  get seen() {
    const { x, y, width, height } = this.viewport.rectangle(this.pane);
    const area = visible(this.pane, this.viewport);
    return {
      x: (area.x - this.pane.x - x) / width, y: (area.y - this.pane.y - y) / height,
      width: area.width / width, height: area.height / height,
    };
  }

  draw() {
    if (this.#isDirty) return;
    this.#isDirty = true;
    requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    this.#isDirty = false;
    const sides = this.sides();
    if (sides) paint(this.context, sides, this.look, this.viewport, { areas: this.areas(), isMoving: this.isMoving() });
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
    const { look, tags: [original, restored, mixed] } = this;
    const [first, second] = look.isSwapped && look.mode !== "flick" ? [restored, original] : [original, restored];
    const isMixed = ["difference", "blend", "changed"].includes(look.mode);
    mixed.hidden = !isMixed;
    first.hidden = isMixed || (look.mode === "flick" ? look.side !== 0 : look.mode === "wipe" && look.wipe < 0.02);
    second.hidden = isMixed || (look.mode === "flick" ? look.side !== 1 : look.mode === "wipe" && look.wipe > 0.98);
    const all = panes(this.canvas, look.mode);
    const areas = [visible(all[0], this.viewport), visible(all.at(-1), this.viewport)];
    this.#placeTag(mixed, areas[0]);
    this.#placeTag(first, areas[0]);
    this.#placeTag(second, areas[1], look.mode === "wipe");
  }

  #placeTag(tag, area, isAtEnd = false) {
    const { look, canvas } = this;
    const set = (name, value) => tag.style.setProperty(name, `${value / devicePixelRatio}px`);
    set("--left", area.x);
    set("--right", canvas.width - area.x - area.width);
    set("--top", isAtEnd && look.isHorizontal ? area.y + area.height - 44 * devicePixelRatio : area.y);
    tag.classList.toggle("at-end", isAtEnd && !look.isHorizontal);
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
    canvas.addEventListener("pointermove", (event) => {
      if (this.look.mode === "wipe" && this.look.isHovering && event.buttons === 0) this.moveWipe(this.#shareAt(event));
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
