import { listenToGoTo } from "./going.js";
import { listenToKeys } from "./keys.js";
import { say, sayWhatIsShown, settle } from "./settling.js";
import { ZOOMS } from "./viewport.js";

/** Connect the room with its keys and buttons, and its parts with each other. */
export function wire(room) {
  listenToKeys(document.querySelector('[data-dialog="keys"]'), room.commands);
  listenToGoTo(room);
  wireButtons(room);
  wirePicture(room);
  wireAgainst(room);
  const again = () => settle(room);
  room.look.addEventListener("change", () => { room.stage.draw(); settle(room); });
  room.areas.addEventListener("change", () => room.stage.draw());
  room.clock.addEventListener("shown", again);
  room.clock.addEventListener("unverified", () => say(room, "unverified"));
  room.loop.addEventListener("change", () => { room.deck.showLoop(); settle(room); });
  room.transport.addEventListener("change", () => {
    room.stage.draw();
    settle(room);
    room.dispatchEvent(new Event("motion"));
  });
  for (const name of ["change", "resize"]) room.stage.addEventListener(name, again);
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
  room.stills.addEventListener("change", () => { room.stage.drawNow(); sayWhatIsShown(room); });
  room.stills.addEventListener("missing", () => say(room, "no-stills"));
  room.stage.addEventListener("drawn", () => {
    room.loupe.look();
    room.scopes.measure();
    room.dispatchEvent(new Event("drawn"));
  });
  room.stage.canvas.addEventListener("pointermove", (event) => {
    const point = room.loupe.isOn && room.pointAt(event);
    if (point) room.loupe.at(point);
  });
}

/** Another version in the original's place is another page: everything else of the address stays. */
function wireAgainst(room) {
  const choice = room.find("against");
  choice.value = room.other ? String(room.other.pk) : "";
  const name = choice.selectedOptions[0].textContent.trim();
  for (const part of room.element.querySelectorAll("[data-name='a']")) part.textContent = name;
  choice.addEventListener("change", () => {
    const query = new URLSearchParams(location.search);
    if (choice.value) query.set("b", choice.value);
    else query.delete("b");
    query.set("f", room.frame);
    location.search = `?${query}`;
  });
}
