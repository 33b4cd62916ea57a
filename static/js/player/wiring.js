import { listenToKeys } from "./keys.js";
import { ZOOMS } from "./viewport.js";

/** Connect the room with its keys and buttons, and its parts with each other. */
export function wire(room) {
  listenToKeys(document.querySelector('[data-dialog="keys"]'), room.commands);
  wireButtons(room);
  wirePicture(room);
  room.look.addEventListener("change", () => { room.stage.draw(); room.settle(); });
  room.clock.addEventListener("shown", () => room.settle());
  room.clock.addEventListener("unverified", () => room.say("unverified"));
  room.transport.addEventListener("change", () => { room.settle(); room.dispatchEvent(new Event("motion")); });
  for (const name of ["change", "resize"]) room.stage.addEventListener(name, () => room.settle());
  room.stage.addEventListener("drawn", () => room.dispatchEvent(new Event("drawn")));
}

function wireButtons(room) {
  const onClick = (selector, act, within = room.element) => {
    for (const button of within.querySelectorAll(selector)) {
      button.addEventListener("click", (event) => act(button.dataset, event, button));
    }
  };
  onClick("[data-mode]", ({ mode }) => room.look.setMode(mode));
  onClick("[data-zoom]", ({ zoom }) => room.stage.zoom(ZOOMS.find((each) => String(each) === zoom)));
  onClick("[data-do]", (data, event) => room.commands[data.do].press(event));
  onClick("[data-opens]", ({ opens }, event) => { event.preventDefault(); room.open(opens); }, document);
  onClick("[data-keeps-view]", (data, event, link) => { link.search = location.search; });
}

function wirePicture(room) {
  room.source.addEventListener("picture", (event) => {
    if (room.isExact || room.isPlaying) room.stills.want(null);
    room.stage.drawNow();
    room.deck.show(event.detail.frame);
    room.dispatchEvent(new CustomEvent("frame", { detail: event.detail.frame }));
  });
  room.stills.addEventListener("change", () => { room.stage.drawNow(); room.sayWhatIsShown(); });
  room.stills.addEventListener("missing", () => room.say("no-stills"));
}
