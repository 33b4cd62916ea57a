const STEP = 0.01;
const NEAR = 0.002;
const MOST_POINTS = 600;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The hand that draws: by pointer, or by keys with a cross that arrows move. Points are shares of the picture on the
 * side where the stroke began. Fires "stroke" for a finished one, "change" while one is under way, "leave" on Escape.
 */
export class Hand extends EventTarget {
  tool = null;
  begun = null;
  side = null;
  #place = null;
  #cross = null;

  constructor(canvas, room, help) {
    super();
    Object.assign(this, { canvas, room, help });
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.begun && canvas.hasPointerCapture(event.pointerId)
      && this.#move(this.#pointOf(event)));
    canvas.addEventListener("pointerup", (event) => canvas.hasPointerCapture(event.pointerId) && this.#up());
    canvas.addEventListener("pointercancel", () => this.#drop());
    canvas.addEventListener("keydown", (event) => this.#press(event));
  }

  /** Take up a tool, or lay it down with null. */
  take(tool) {
    this.tool = tool;
    this.#drop();
    this.#cross = null;
    this.help.hidden = !tool;
    this.canvas.classList.toggle("is-drawing", Boolean(tool));
    for (const [name, value] of [["tabindex", "0"], ["role", "application"], ["aria-label", this.help.textContent]]) {
      if (tool) this.canvas.setAttribute(name, value);
      else this.canvas.removeAttribute(name);
    }
    if (tool) this.canvas.focus({ preventScroll: true });
  }

  paintCross(context) {
    if (!this.#cross || !this.tool) return;
    const { picture } = this.#cross.place;
    const ratio = devicePixelRatio;
    const x = (picture.x + this.#cross.point[0] * picture.width) * ratio;
    const y = (picture.y + this.#cross.point[1] * picture.height) * ratio;
    for (const [width, colour] of [[3, "#000"], [1, "#fff"]]) {
      Object.assign(context, { lineWidth: width * ratio, strokeStyle: colour });
      context.beginPath();
      for (const [dx, dy] of [[10, 0], [0, 10]]) {
        context.moveTo(x - dx * ratio, y - dy * ratio);
        context.lineTo(x + dx * ratio, y + dy * ratio);
      }
      context.stroke();
    }
  }

  #down(event) {
    const at = this.tool && event.button === 0 && this.room.pointAt(event);
    if (!at) return;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.#cross = null;
    const places = this.room.places();
    this.#begin([at.x, at.y], at.side, places.find(({ side }) => side === at.side) ?? places[0]);
  }

  #begin(point, side, place) {
    Object.assign(this, { side });
    this.#place = place;
    const first = inside(point);
    this.begun = { tool: this.tool, points: this.tool === "pen" ? [first] : [first, first] };
    this.dispatchEvent(new Event("change"));
  }

  #move(point) {
    const { points } = this.begun;
    const next = inside(point);
    if (this.tool !== "pen") points[1] = next;
    else if (points.length < MOST_POINTS && distance(points.at(-1), next) > NEAR) points.push(next);
    this.dispatchEvent(new Event("change"));
  }

  #up() {
    const { begun, side } = this;
    this.#drop();
    const isSomething = begun && (begun.tool === "pen" || distance(...begun.points) > NEAR);
    if (isSomething) this.dispatchEvent(new CustomEvent("stroke", { detail: { stroke: begun, side } }));
  }

  #drop() {
    this.begun = null;
    this.side = null;
    this.dispatchEvent(new Event("change"));
  }

  #pointOf(event) {
    const box = this.canvas.getBoundingClientRect();
    const { picture } = this.#place;
    return [(event.clientX - box.x - picture.x) / picture.width, (event.clientY - box.y - picture.y) / picture.height];
  }

  #press(event) {
    if (!this.tool || event.ctrlKey || event.altKey || event.metaKey) return;
    const act = event.key in ARROWS ? () => this.#step(ARROWS[event.key], event.shiftKey ? 5 : 1)
      : { " ": () => this.#mark(), Enter: () => this.#mark(), Escape: () => this.#escape() }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #step([dx, dy], times) {
    this.#cross ??= this.#middle();
    const [x, y] = this.#cross.point;
    this.#cross.point = inside([x + dx * times * STEP, y + dy * times * STEP]);
    if (this.begun) this.#move(this.#cross.point);
    this.dispatchEvent(new Event("change"));
  }

  #mark() {
    this.#cross ??= this.#middle();
    if (this.begun) this.#up();
    else this.#begin(this.#cross.point, this.#cross.side, this.#cross.place);
  }

  /** The cross begins on the restored side. */
  #middle() {
    const places = this.room.places();
    const place = places.find(({ side }) => side === "b") ?? places[0];
    return { place, side: place.side ?? "b", point: [0.5, 0.5] };
  }

  #escape() {
    if (this.begun) this.#drop();
    else this.dispatchEvent(new Event("leave"));
  }
}

const inside = (point) => point.map((share) => Math.round(Math.max(0, Math.min(1, share)) * 1e4) / 1e4);
const distance = ([x, y], [toX, toY]) => Math.hypot(toX - x, toY - y);
