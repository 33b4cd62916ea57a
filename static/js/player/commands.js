import { nominal } from "./rate.js";
import { settle } from "./settling.js";
import { ZOOMS } from "./viewport.js";

const press = (run, more = {}) => ({ press: run, ...more });

/** What can be done in the room, by the names that the overlay of keys and the buttons use. */
export function commandsOf(room) {
  return { ...motion(room), ...place(room), ...comparison(room), ...instruments(room), ...decision(room) };
}

function motion(room) {
  const { transport, loop } = room;
  return {
    toggle: press(() => transport.toggle()),
    backwards: press(() => transport.shuttle(-1)),
    pause: press(() => transport.pause()),
    forwards: press(() => transport.shuttle(1)),
    sound: press(() => { room.hear(!room.heard.isOn); settle(room); }),
    "sound-side": press(() => {
      if (room.other) room.hear(room.heard.isOn, 1 - room.heard.side);
      settle(room);
    }),
    "loop-in": press(() => loop.begin(room.frame)),
    "loop-out": press(() => loop.finish(room.frame)),
    loop: press(() => loop.toggle()),
    "loop-clear": press(() => loop.clear()),
  };
}

function place({ transport, facts, find }) {
  const second = nominal(facts.rate);
  const steps = { next: 1, previous: -1, "next-ten": 10, "previous-ten": -10, "next-second": second, "previous-second": -second };
  return {
    ...Object.fromEntries(Object.entries(steps).map(([name, frames]) => [
      name, press(() => transport.step(frames), { repeats: true })])),
    first: press(() => transport.go(0)),
    last: press(() => transport.go(facts.frames - 1)),
    goto: press(() => find("goto").querySelector("input").focus()),
    "next-shot": press(() => transport.toShot(1)),
    "previous-shot": press(() => transport.toShot(-1)),
  };
}

function comparison({ look, stage, viewport, find }) {
  const toggle = (name) => press(() => look.change({ [name]: !look[name] }));
  return {
    ...Object.fromEntries(["wipe", "side", "difference", "blend", "changed"].map((mode) => [
      mode, press(() => look.setMode(mode))])),
    flick: press(() => (look.mode === "flick" ? look.change({ side: 1 - look.side }) : look.setMode("flick"))),
    flicker: press(() => { if (look.mode === "flick") look.flick(!look.isFlicking); }),
    turn: toggle("isHorizontal"),
    follow: toggle("isHovering"),
    swap: toggle("isSwapped"),
    more: press(() => look.turnAmount(1), { repeats: true }),
    less: press(() => look.turnAmount(-1), { repeats: true }),
    original: press(() => look.showSide(0)),
    restored: press(() => look.showSide(1)),
    peek: press(() => look.peek(true), { release: () => look.peek(false) }),
    zoom: press(() => stage.zoom(ZOOMS[(ZOOMS.indexOf(viewport.zoom) + 1) % ZOOMS.length])),
    against: press(() => find("against").focus()),
  };
}

function instruments(room) {
  return Object.fromEntries(["loupe", "scopes"].map((name) => [
    name, press(() => { room[name].isOn = !room[name].isOn; settle(room); })]));
}

function decision(room) {
  return Object.fromEntries(Object.entries({ approve: "approve", reject: "reject", help: "keys" }).map(
    ([name, dialog]) => [name, press(() => room.open(dialog))]));
}
