import { MODES } from "./compositor.js";
import { ZOOMS } from "./viewport.js";

const PAUSE_MS = 200;
let timer = 0;

/** What the address says: frame, mode, wipe position, zoom and the point in the middle. */
export function readState(search = location.search) {
  const query = new URLSearchParams(search);
  const [zoom, x, y] = (query.get("z") ?? "").split(",");
  return {
    frame: whole(query.get("f")),
    mode: MODES.includes(query.get("m")) ? query.get("m") : "wipe",
    wipe: share(query.get("x"), 0.5),
    isHorizontal: query.get("d") === "h",
    zoom: ZOOMS.find((each) => String(each) === zoom) ?? "fit",
    centre: { x: share(x, 0.5), y: share(y, 0.5) },
  };
}

/** Write the state into the address, so that a copied link opens the very same view. Not at every drag's pixel. */
export function writeState(state) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const query = new URLSearchParams(location.search);
    query.set("f", state.frame);
    query.set("m", state.mode);
    query.set("x", state.wipe.toFixed(3));
    query.set("z", state.zoom === "fit" ? "fit" : [state.zoom, state.centre.x.toFixed(4), state.centre.y.toFixed(4)]);
    if (state.isHorizontal) query.set("d", "h");
    else query.delete("d");
    history.replaceState(null, "", `?${query}`);
  }, PAUSE_MS);
}

function whole(text) {
  const number = Number.parseInt(text ?? "0", 10);
  return Number.isFinite(number) && number > 0 ? number : 0;
}

function share(text, otherwise) {
  const number = Number.parseFloat(text ?? "");
  return number >= 0 && number <= 1 ? number : otherwise;
}
