import { nominal } from "./rate.js";
import { ZOOMS } from "./viewport.js";

const press = (run, more = {}) => ({ press: run, ...more });

/** What can be done in the room, by the names that the overlay of keys and the buttons use. */
export function commandsOf(room) {
  return { ...motion(room), ...place(room), ...comparison(room), ...decision(room) };
}

function motion({ transport, source, find }) {
  return {
    toggle: press(() => transport.toggle()),
    backwards: press(() => transport.shuttle(-1)),
    pause: press(() => transport.pause()),
    forwards: press(() => transport.shuttle(1)),
    sound: press(() => {
      source.video.muted = !source.video.muted;
      find("do='sound'").setAttribute("aria-pressed", !source.video.muted);
    }),
  };
}

function place({ transport, facts }) {
  const second = nominal(facts.rate);
  const steps = { next: 1, previous: -1, "next-ten": 10, "previous-ten": -10, "next-second": second, "previous-second": -second };
  return {
    ...Object.fromEntries(Object.entries(steps).map(([name, frames]) => [
      name, press(() => transport.step(frames), { repeats: true })])),
    first: press(() => transport.go(0)),
    last: press(() => transport.go(facts.frames - 1)),
    "next-shot": press(() => transport.toShot(1)),
    "previous-shot": press(() => transport.toShot(-1)),
  };
}

function comparison({ look, stage, viewport }) {
  return {
    wipe: press(() => look.setMode("wipe")),
    side: press(() => look.setMode("side")),
    flick: press(() => (look.mode === "flick" ? look.change({ side: 1 - look.side }) : look.setMode("flick"))),
    flicker: press(() => look.flick(!look.isFlicking)),
    turn: press(() => look.change({ isHorizontal: !look.isHorizontal })),
    original: press(() => { look.flick(false); look.showSide(0); }),
    restored: press(() => { look.flick(false); look.showSide(1); }),
    peek: press(() => look.peek(true), { release: () => look.peek(false) }),
    zoom: press(() => stage.zoom(ZOOMS[(ZOOMS.indexOf(viewport.zoom) + 1) % ZOOMS.length])),
  };
}

function decision(room) {
  return Object.fromEntries(Object.entries({ approve: "approve", reject: "reject", help: "keys" }).map(
    ([name, dialog]) => [name, press(() => room.open(dialog))]));
}
