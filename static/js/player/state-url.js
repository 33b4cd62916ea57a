import { MODES } from "./compositor.js";
import { stepOf } from "./look.js";
import { ZOOMS } from "./viewport.js";

const PAUSE_MS = 200;
let timer = 0;

/** What the address says: frame, mode, zoom and the point in the middle, and all that belongs to a mode. */
export function readState(search = location.search) {
  const query = new URLSearchParams(search);
  const [zoom, x, y] = (query.get("z") ?? "").split(",");
  return {
    frame: whole(query.get("f")) ?? 0,
    mode: MODES.includes(query.get("m")) ? query.get("m") : "wipe",
    wipe: share(query.get("x"), 0.5),
    isHorizontal: query.get("d") === "h",
    isHovering: query.has("h"),
    isSwapped: query.has("s"),
    gain: stepOf("difference", query.get("g")) ?? 4,
    blend: stepOf("blend", query.get("n")) ?? 0.5,
    zoom: ZOOMS.find((each) => String(each) === zoom) ?? "fit",
    centre: { x: share(x, 0.5), y: share(y, 0.5) },
    loop: { start: whole(query.get("i")), end: whole(query.get("o")), isOn: query.has("p") },
    other: whole(query.get("b")),
    panels: (query.get("w") ?? "").split("").filter((each) => each !== ""),
  };
}

/** Write the state into the address, so that a copied link opens the very same view. Not at every drag's pixel. */
export function writeState(state) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(said(state))) {
      if (value === null) query.delete(name);
      else query.set(name, value);
    }
    history.replaceState(null, "", `?${query}`);
  }, PAUSE_MS);
}

const flag = (isSet) => (isSet ? "1" : null);

function said({ frame, look, zoom, centre, loop, other, panels }) {
  const mode = look.chosenMode;
  return {
    f: frame,
    m: mode,
    x: look.wipe.toFixed(3),
    z: zoom === "fit" ? "fit" : [zoom, centre.x.toFixed(4), centre.y.toFixed(4)],
    d: look.isHorizontal ? "h" : null,
    h: flag(look.isHovering),
    s: flag(look.isSwapped),
    g: mode === "difference" ? look.gain : null,
    n: mode === "blend" ? look.blend : null,
    i: loop.start,
    o: loop.end,
    p: flag(loop.isOn),
    b: other,
    w: panels.length ? panels.join("") : null,
  };
}

function whole(text) {
  const number = Number.parseInt(text ?? "", 10);
  return Number.isFinite(number) && number >= 0 ? number : null;
}

function share(text, otherwise) {
  const number = Number.parseFloat(text ?? "");
  return number >= 0 && number <= 1 ? number : otherwise;
}
