import { Clock } from "./clock.js";
import { MODES } from "./compositor.js";
import { Deck } from "./deck.js";
import { listenToKeys } from "./keys.js";
import { frameOfTimecode, isDropFrameLabel, nominal, parseRate } from "./rate.js";
import { StackedSource } from "./source-stacked.js";
import { Stage } from "./stage.js";
import { readState, writeState } from "./state-url.js";
import { ExactStills } from "./stills.js";
import { Transport } from "./transport.js";
import { Viewport } from "./viewport.js";

const FLICK_MS = 700;
const ZOOMS = ["fit", 1, 2];

const room = document.querySelector("[data-review-room]");
const find = (name) => room.querySelector(`[data-${name}]`);
const given = JSON.parse(room.dataset.reviewRoom);
const rate = parseRate(given.rate);
const facts = {
  rate,
  frames: given.frames,
  shots: given.shots,
  start: given.start_timecode ? frameOfTimecode(given.start_timecode, rate) : 0,
  isDropFrame: given.start_timecode ? isDropFrameLabel(given.start_timecode) : false,
};

const state = readState();
const look = { mode: state.mode, wipe: state.wipe, isHorizontal: state.isHorizontal, side: 1 };
const viewport = new Viewport(given.width, given.height);
Object.assign(viewport, { zoom: state.zoom, centre: state.centre });
const source = new StackedSource(find("reel"), rate);
const clock = new Clock(source, facts.frames);
const transport = new Transport(clock, facts.shots);
const stills = new ExactStills(given.still);
const stage = new Stage(
  { canvas: find("canvas"), handle: find("wipe"), tags: [find("tag='a'"), find("tag='b'")] },
  viewport, look, () => stills.sides ?? source.halves());
const deck = new Deck(find("deck"), facts, transport);
let flicker = 0;

const say = (name) => {
  for (const word of room.querySelectorAll("[data-word]")) word.hidden = word.dataset.word !== name;
};

const sayWhatIsShown = () => say(stills.sides ? "exact" : stills.isComing ? "coming" : "reel");

/** Bring everything that speaks of the state into agreement with it. */
function settle() {
  const isStanding = !transport.isPlaying && !source.video.seeking && source.picture;
  stills.want(isStanding && stage.percent >= 100 ? clock.frame : null);
  for (const button of room.querySelectorAll("[data-mode]")) {
    button.setAttribute("aria-pressed", button.dataset.mode === look.mode);
  }
  for (const button of room.querySelectorAll("[data-zoom]")) {
    button.setAttribute("aria-pressed", button.dataset.zoom === String(viewport.zoom));
  }
  find("do='turn'").hidden = look.mode !== "wipe";
  find("do='flicker'").hidden = look.mode !== "flick";
  find("do='flicker'").setAttribute("aria-pressed", flicker !== 0);
  find("percent").textContent = `${Math.round(stage.percent)} %`;
  sayWhatIsShown();
  writeState({ ...look, frame: clock.frame, zoom: viewport.zoom, centre: viewport.centre });
}

function setMode(mode) {
  look.mode = mode;
  look.side = 1;
  setFlicker(false);
  stage.draw();
  settle();
}

function setFlicker(isOn) {
  clearInterval(flicker);
  flicker = isOn ? setInterval(() => showSide(1 - look.side), FLICK_MS) : 0;
}

function showSide(side) {
  look.side = side;
  stage.draw();
}

/** While held, the other side fills the whole picture, whatever the mode. */
function peek(isHeld) {
  if (isHeld) {
    look.before ??= { mode: look.mode, side: look.side };
    look.mode = "flick";
    look.side = look.before.mode === "flick" ? 1 - look.before.side : 0;
  } else if (look.before) {
    Object.assign(look, look.before);
    delete look.before;
  }
  stage.draw();
}

function open(name) {
  const dialog = document.querySelector(`[data-dialog="${name}"]`);
  if (!dialog) return;
  transport.pause();
  dialog.showModal();
}

const press = (run, more = {}) => ({ press: run, ...more });
const commands = {
  toggle: press(() => transport.toggle()),
  backwards: press(() => transport.shuttle(-1)),
  pause: press(() => transport.pause()),
  forwards: press(() => transport.shuttle(1)),
  next: press(() => transport.step(1), { repeats: true }),
  previous: press(() => transport.step(-1), { repeats: true }),
  "next-ten": press(() => transport.step(10), { repeats: true }),
  "previous-ten": press(() => transport.step(-10), { repeats: true }),
  "next-second": press(() => transport.step(nominal(rate)), { repeats: true }),
  "previous-second": press(() => transport.step(-nominal(rate)), { repeats: true }),
  first: press(() => transport.go(0)),
  last: press(() => transport.go(facts.frames - 1)),
  "next-shot": press(() => transport.toShot(1)),
  "previous-shot": press(() => transport.toShot(-1)),
  wipe: press(() => setMode("wipe")),
  side: press(() => setMode("side")),
  flick: press(() => (look.mode === "flick" ? showSide(1 - look.side) : setMode("flick"))),
  flicker: press(() => { setFlicker(flicker === 0); settle(); }),
  turn: press(() => { look.isHorizontal = !look.isHorizontal; stage.draw(); settle(); }),
  original: press(() => { setMode("flick"); showSide(0); }),
  restored: press(() => { setMode("flick"); showSide(1); }),
  peek: press(() => peek(true), { release: () => peek(false) }),
  zoom: press(() => stage.zoom(ZOOMS[(ZOOMS.indexOf(viewport.zoom) + 1) % ZOOMS.length])),
  approve: press(() => open("approve")),
  reject: press(() => open("reject")),
  help: press(() => open("keys")),
  sound: press(() => {
    source.video.muted = !source.video.muted;
    find("do='sound'").setAttribute("aria-pressed", !source.video.muted);
  }),
};

function wire() {
  listenToKeys(document.querySelector('[data-dialog="keys"]'), commands);
  for (const button of room.querySelectorAll("[data-mode]")) {
    button.addEventListener("click", () => setMode(MODES.find((mode) => mode === button.dataset.mode)));
  }
  for (const button of room.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => stage.zoom(ZOOMS.find((zoom) => String(zoom) === button.dataset.zoom)));
  }
  for (const button of room.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => commands[button.dataset.do].press());
  }
  for (const link of document.querySelectorAll("[data-opens]")) {
    link.addEventListener("click", (event) => { event.preventDefault(); open(link.dataset.opens); });
  }
  for (const link of room.querySelectorAll("[data-keeps-view]")) {
    link.addEventListener("click", () => { link.search = location.search; });
  }
  source.addEventListener("picture", (event) => {
    if (stills.sides || transport.isPlaying) stills.want(null);
    stage.drawNow();
    deck.show(event.detail.frame);
  });
  stills.addEventListener("change", () => { stage.drawNow(); sayWhatIsShown(); });
  stills.addEventListener("missing", () => say("no-stills"));
  clock.addEventListener("shown", settle);
  clock.addEventListener("unverified", () => say("unverified"));
  transport.addEventListener("change", settle);
  for (const name of ["change", "resize"]) stage.addEventListener(name, settle);
}

/** Where the reel cannot be decoded, the server's still pair takes its place: no decision depends on a codec. */
function giveUp() {
  room.dataset.failed = "";
  const template = document.querySelector("[data-still-pair]");
  find("view").replaceChildren(template.content.cloneNode(true));
}

async function begin() {
  const { video } = source;
  await new Promise((resolve, reject) => {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) resolve();
    video.addEventListener("loadeddata", resolve, { once: true });
    video.addEventListener("error", reject, { once: true });
    video.querySelector("source")?.addEventListener("error", reject, { once: true });
    if (video.error) reject(video.error);
  });
  source.start();
  wire();
  await clock.show(state.frame);
  room.dataset.ready = "";
}

begin().catch(giveUp);
