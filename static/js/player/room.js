import { Clock } from "./clock.js";
import { panes, visible } from "./compositor.js";
import { Deck } from "./deck.js";
import { factsOf } from "./facts.js";
import { Look } from "./look.js";
import { timecode } from "./rate.js";
import { StackedSource } from "./source-stacked.js";
import { Stage } from "./stage.js";
import { readState, writeState } from "./state-url.js";
import { ExactStills } from "./stills.js";
import { Transport } from "./transport.js";
import { Viewport } from "./viewport.js";

/**
 * The review room as other modules know it: where it stands, what it shows where, and how to move it. Events:
 * "frame" (another picture is shown), "drawn" (the picture was drawn anew: pane, zoom or mode may differ),
 * "motion" (it plays, stops, or plays at another speed). Others add their own `commands`; the overlay of keys names them.
 */
export class Room extends EventTarget {
  commands = {};

  constructor(element) {
    super();
    this.element = element;
    this.find = (name) => element.querySelector(`[data-${name}]`);
    this.facts = factsOf(JSON.parse(element.dataset.reviewRoom));
    const state = readState();
    const { facts, find } = this;
    this.look = new Look(state);
    this.viewport = Object.assign(new Viewport(facts.width, facts.height), { zoom: state.zoom, centre: state.centre });
    this.source = new StackedSource(find("reel"), facts.rate);
    this.clock = new Clock(this.source, facts.frames);
    this.transport = new Transport(this.clock, facts.shots);
    this.stills = new ExactStills(facts.still);
    this.stage = new Stage(
      { canvas: find("canvas"), handle: find("wipe"), tags: [find("tag='a'"), find("tag='b'")] },
      this.viewport, this.look, () => this.sides);
    this.deck = new Deck(find("deck"), facts, this.transport);
    this.firstFrame = state.frame;
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
    return this.stills.sides ?? this.source.halves();
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
    const isLying = this.look.isHorizontal;
    const along = isLying ? (top - seen.y) / seen.height : (left - seen.x) / seen.width;
    const side = place.side ?? (this.look.mode === "wipe" ? (along < this.look.wipe ? "a" : "b") : "b");
    return { side, x: (left - picture.x) / picture.width, y: (top - picture.y) / picture.height };
  }

  /** Open one of the page's dialogs; the picture stands still meanwhile. */
  open(name) {
    const dialog = document.querySelector(`[data-dialog="${name}"]`);
    if (!dialog) return;
    this.pause();
    dialog.showModal();
  }

  say(name) {
    for (const word of this.element.querySelectorAll("[data-word]")) word.hidden = word.dataset.word !== name;
  }

  sayWhatIsShown() {
    this.say(this.isExact ? "exact" : this.stills.isComing ? "coming" : "reel");
  }

  /** Bring everything that speaks of the state into agreement with it. */
  settle() {
    const { look, viewport, stage, source, stills } = this;
    const isStanding = !this.isPlaying && !source.video.seeking && source.picture;
    stills.want(isStanding && stage.percent >= 100 ? this.frame : null);
    for (const button of this.element.querySelectorAll("[data-mode]")) {
      button.setAttribute("aria-pressed", button.dataset.mode === look.chosenMode);
    }
    for (const button of this.element.querySelectorAll("[data-zoom]")) {
      button.setAttribute("aria-pressed", button.dataset.zoom === String(viewport.zoom));
    }
    this.find("do='turn'").hidden = look.chosenMode !== "wipe";
    this.find("do='flicker'").hidden = look.chosenMode !== "flick";
    this.find("do='flicker'").setAttribute("aria-pressed", look.isFlicking);
    this.find("percent").textContent = `${Math.round(stage.percent)} %`;
    this.sayWhatIsShown();
    writeState({ ...look, mode: look.chosenMode, frame: this.frame, zoom: viewport.zoom, centre: viewport.centre });
  }
}

function sideOf(look, index, panes) {
  if (panes > 1) return index === 0 ? "a" : "b";
  return look.mode === "flick" ? (look.side === 0 ? "a" : "b") : null;
}

function inCss({ x, y, width, height }) {
  const ratio = devicePixelRatio;
  return { x: x / ratio, y: y / ratio, width: width / ratio, height: height / ratio };
}
