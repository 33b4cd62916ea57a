import { panes, visible } from "./compositor.js";
import { factsOf } from "./facts.js";
import { partsOf } from "./parts.js";
import { timecode } from "./rate.js";
import { readState } from "./state-url.js";

/**
 * The review room as other modules know it: where it stands, what it shows where, and how to move it. Events:
 * "frame" (another picture is shown), "drawn" (the picture was drawn anew: pane, zoom or mode may differ),
 * "motion" (it plays, stops, or plays at another speed). Others add their own `commands`; the overlay of keys names them.
 */
export class Room extends EventTarget {
  commands = {};
  heard = { isOn: false, side: 1 };

  constructor(element) {
    super();
    this.element = element;
    this.find = (name) => element.querySelector(`[data-${name}]`);
    this.facts = factsOf(JSON.parse(element.dataset.reviewRoom));
    const state = readState();
    Object.assign(this, partsOf(this, state));
    this.firstFrame = state.frame;
    this.loupe.isOn = state.panels.includes("l");
    this.scopes.isOn = state.panels.includes("s");
  }

  /** The frame of the master that is shown now, counted from 0. */
  get frame() {
    return this.clock.frame;
  }

  get isPlaying() {
    return this.transport.isPlaying;
  }

  /** Both sides of the frame as images, from the exact stills where they are there: [original, restored]. */
  get sides() {
    return this.stills.sides ?? this.source.sides();
  }

  get isExact() {
    return this.stills.sides !== null;
  }

  play() {
    return this.transport.play();
  }

  pause() {
    return this.transport.pause();
  }

  /** Stop and show a frame; resolves when it is shown. */
  goTo(frame) {
    return this.transport.go(frame);
  }

  timecode(frame) {
    const { rate, start, isDropFrame } = this.facts;
    return timecode(frame, rate, start, isDropFrame);
  }

  /**
   * Where pictures lie in the view, in CSS pixels: for each pane its `side` ("a" the original, "b" the restored; null
   * where both are in one), the `picture`'s rectangle and what is `seen` of it.
   */
  places() {
    const { canvas } = this.stage;
    return panes(canvas, this.look.mode).map((pane, index, all) => {
      const { x, y, width, height } = this.viewport.rectangle(pane);
      return {
        side: sideOf(this.look, index, all.length),
        picture: inCss({ x: pane.x + x, y: pane.y + y, width, height }),
        seen: inCss(visible(pane, this.viewport)),
      };
    });
  }

  /** The point of the picture under the pointer, as fractions of its size, and the side that is seen there; or null. */
  pointAt(event) {
    const box = this.stage.canvas.getBoundingClientRect();
    const [left, top] = [event.clientX - box.x, event.clientY - box.y];
    const place = this.places().find(({ seen }) => left >= seen.x && top >= seen.y
      && left < seen.x + seen.width && top < seen.y + seen.height);
    if (!place) return null;
    const { picture, seen } = place;
    const { look } = this;
    const along = look.isHorizontal ? (top - seen.y) / seen.height : (left - seen.x) / seen.width;
    const isFirst = look.mode === "wipe" && along < look.wipe;
    const side = place.side ?? (isFirst === look.isSwapped ? "b" : look.mode === "wipe" ? "a" : "b");
    return { side, x: (left - picture.x) / picture.width, y: (top - picture.y) / picture.height };
  }

  /** Let the recording's sound be heard, or not; of two versions, that of side 0 or 1. */
  hear(isOn, side = this.heard.side) {
    this.heard = { isOn, side };
    this.source.hear(isOn, side);
  }

  /** Open one of the page's dialogs; the picture stands still meanwhile. */
  open(name) {
    const dialog = document.querySelector(`[data-dialog="${name}"]`);
    if (!dialog) return;
    this.pause();
    this.dispatchEvent(new CustomEvent("open", { detail: dialog }));
    dialog.showModal();
  }
}

function sideOf(look, index, panes) {
  if (panes > 1) return (index === 0) === look.isSwapped ? "b" : "a";
  return look.mode === "flick" ? (look.side === 0 ? "a" : "b") : null;
}

function inCss({ x, y, width, height }) {
  const ratio = devicePixelRatio;
  return { x: x / ratio, y: y / ratio, width: width / ratio, height: height / ratio };
}
