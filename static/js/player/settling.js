import { isExacting } from "./compositor.js";
import { writeState } from "./state-url.js";

/** One word of those beside the zoom is shown: what the picture is made of. */
export function say(room, name) {
  for (const word of room.element.querySelectorAll("[data-word]")) word.hidden = word.dataset.word !== name;
}

export function sayWhatIsShown(room) {
  say(room, room.isExact ? "exact" : room.stills.isComing ? "coming" : "reel");
}

/** Bring everything that speaks of the room's state into agreement with it. */
export function settle(room) {
  const { look, viewport, stage, source, stills, loop } = room;
  const isStanding = !room.isPlaying && !source.isSeeking && source.picture;
  const isClose = stage.percent >= 100 || isExacting(look.mode) || room.loupe.isOn;
  stills.want(isStanding && isClose ? room.frame : null);
  room.areas.want(isStanding && look.chosenMode === "changed" ? room.frame : null);
  press(room, "mode", (name) => name === look.chosenMode);
  press(room, "zoom", (name) => name === String(viewport.zoom));
  press(room, "do", (name) => pressed(room)[name]);
  for (const part of room.element.querySelectorAll("[data-of-modes]")) {
    part.hidden = !part.dataset.ofModes.split(" ").includes(look.chosenMode);
  }
  for (const part of room.element.querySelectorAll("[data-of-two]")) part.hidden = !room.other;
  for (const part of room.element.querySelectorAll("[data-heard]")) part.hidden = part.dataset.heard !== String(room.heard.side);
  for (const part of room.element.querySelectorAll("[data-amount]")) part.textContent = look.amount ?? "";
  room.find("percent").textContent = `${Math.round(stage.percent)} %`;
  sayWhatIsShown(room);
  writeState({
    frame: room.frame, look, zoom: viewport.zoom, centre: viewport.centre, loop, other: room.other?.pk ?? null,
    panels: [room.loupe.isOn && "l", room.scopes.isOn && "s"].filter(Boolean),
  });
}

const pressed = ({ look, loop, loupe, scopes, heard }) => ({
  original: look.side === 0,
  restored: look.side === 1,
  flicker: look.isFlicking,
  follow: look.isHovering,
  swap: look.isSwapped,
  loop: loop.isOn,
  loupe: loupe.isOn,
  scopes: scopes.isOn,
  sound: heard.isOn,
});

function press(room, name, isPressed) {
  for (const button of room.element.querySelectorAll(`[data-${name}][aria-pressed]`)) {
    const answer = isPressed(button.dataset[name]);
    if (answer !== undefined) button.setAttribute("aria-pressed", answer);
  }
}
