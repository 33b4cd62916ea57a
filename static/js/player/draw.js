import { Hand } from "./hand.js";
import { reveal } from "./revealing.js";
import { paintStrokes } from "./strokes.js";

const DIFFERENCES = ["difference", "changed"];
const SIDES = { original: "a", restored: "b" };

/**
 * The layer over the picture: drawings of the notes on this frame, and what is being drawn. It lies on the room's one
 * viewport, so that it goes with the picture through every zoom; each drawing keeps to its own side, and where pictures
 * are told by their difference none is shown unless asked for. Fires "change" when a stroke came or went.
 */
export class Drawing extends EventTarget {
  strokes = [];
  side = null;
  #range = { start: 0, end: 1 };
  #isShown = { plain: true, difference: false };

  /** `shownButton` says whether drawings are shown now; the notes on a frame are asked for. */
  constructor(room, tools, shownButton, notesHere) {
    super();
    Object.assign(this, { room, tools, shownButton, notesHere });
    this.canvas = Object.assign(document.createElement("canvas"), { className: "drawing" });
    room.stage.canvas.after(this.canvas);
    this.hand = new Hand(this.canvas, room, tools.querySelector("[data-draw-help]"));
    this.hand.addEventListener("change", () => this.paint());
    this.hand.addEventListener("stroke", (event) => this.#add(event.detail));
    this.hand.addEventListener("leave", () => this.choose(null));
    for (const name of ["drawn", "frame", "motion"]) room.addEventListener(name, () => this.paint());
    for (const button of this.#buttons()) {
      button.addEventListener("click", () => this.choose(this.hand.tool === button.dataset.draw ? null : button.dataset.draw));
    }
    this.undoButton = tools.querySelector("[data-draw-undo]");
    this.undoButton.addEventListener("click", () => this.undo());
    tools.hidden = false;
  }

  /** Begin to draw with the tool that was used last, or leave off. */
  toggle() {
    this.choose(this.hand.tool ? null : this.last ?? "pen");
  }

  choose(tool) {
    this.last = tool ?? this.last;
    if (tool) this.room.pause();
    this.hand.take(tool);
    for (const button of this.#buttons()) button.setAttribute("aria-pressed", button.dataset.draw === tool);
    this.paint();
  }

  toggleShown() {
    const kind = this.#kind();
    this.#isShown[kind] = !this.#isShown[kind];
    this.paint();
  }

  undo() {
    this.#become(this.strokes.slice(0, -1));
  }

  /** Other strokes, such as those of a note that came back. */
  replace(strokes, side) {
    this.#become(strokes);
    this.seeOn(side);
  }

  /** The side of the note that is being written: "original", "restored" or "both". */
  seeOn(side) {
    this.side = SIDES[side] ?? null;
    this.paint();
  }

  finish() {
    this.choose(null);
    this.#become([]);
  }

  /** Make room for the drawing of a note, where the picture shows its side. */
  reveal({ side, drawing }) {
    if (this.room.other && side === "original") return;
    if (this.#kind() === "plain") reveal(this.room, SIDES[side], drawing);
  }

  /** The frames that what is being drawn belongs to. */
  placeAt(range) {
    this.#range = range;
    this.paint();
  }

  paint() {
    const { canvas, room } = this;
    const under = room.stage.canvas;
    if (canvas.width !== under.width) canvas.width = under.width;
    if (canvas.height !== under.height) canvas.height = under.height;
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, canvas.width, canvas.height);
    this.shownButton.setAttribute("aria-pressed", this.#isShown[this.#kind()]);
    const parts = this.#isShown[this.#kind()] || this.hand.tool ? this.#parts() : [];
    for (const part of room.places().flatMap((place) => this.#halves(place))) {
      const strokes = parts.filter(({ sides }) => part.side === null || sides.includes(part.side)).flatMap((each) => each.strokes);
      paintInside(context, strokes, part);
    }
    this.hand.paintCross(context);
  }

  /** What there is to paint on this frame: {sides, strokes}, in the words of the room. */
  #parts() {
    const { frame, other } = this.room;
    const isOurs = frame >= this.#range.start && frame < this.#range.end;
    const begun = this.hand.begun ? [this.hand.begun] : [];
    const own = { sides: this.side ?? this.hand.side ?? "ab", strokes: isOurs ? [...this.strokes, ...begun] : [] };
    // Beside another version stands no original, on which something could have been seen.
    const notes = this.notesHere().map(({ side, drawing }) => ({
      sides: (SIDES[side] ?? "ab").replace(other ? "a" : "", ""), strokes: drawing }));
    return [own, ...notes];
  }

  /** Where both sides share one pane each keeps to its half of the wipe. */
  #halves(place) {
    const { look } = this.room;
    if (place.side !== null || look.mode !== "wipe") return [place];
    const { seen } = place;
    const [along, size] = look.isHorizontal ? ["y", "height"] : ["x", "width"];
    // Where the compositor cuts: on a whole pixel of the screen.
    const cut = Math.round(seen[size] * look.wipe * devicePixelRatio) / devicePixelRatio;
    const sides = look.isSwapped ? ["b", "a"] : ["a", "b"];
    return [
      { ...place, side: sides[0], seen: { ...seen, [size]: cut } },
      { ...place, side: sides[1], seen: { ...seen, [along]: seen[along] + cut, [size]: seen[size] - cut } },
    ];
  }

  #kind() {
    return DIFFERENCES.includes(this.room.look.mode) ? "difference" : "plain";
  }

  #add({ stroke, side }) {
    if (!this.strokes.length) this.side = side;
    this.#become([...this.strokes, stroke]);
    this.reveal({ side: { a: "original", b: "restored" }[this.side], drawing: this.strokes });
  }

  #become(strokes) {
    this.strokes = strokes;
    if (!strokes.length) this.side = null;
    this.undoButton.disabled = !strokes.length;
    this.paint();
    this.dispatchEvent(new Event("change"));
  }

  #buttons() {
    return this.tools.querySelectorAll("[data-draw]");
  }
}

function paintInside(context, strokes, { picture, seen }) {
  if (!strokes.length || seen.width <= 0 || seen.height <= 0) return;
  const ratio = devicePixelRatio;
  const scaled = ({ x, y, width, height }) => ({ x: x * ratio, y: y * ratio, width: width * ratio, height: height * ratio });
  const clip = scaled(seen);
  context.save();
  context.beginPath();
  context.rect(clip.x, clip.y, clip.width, clip.height);
  context.clip();
  paintStrokes(context, strokes, scaled(picture), ratio);
  context.restore();
}
