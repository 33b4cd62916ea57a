import { entered } from "./enter.js";

/**
 * What this page has shown, for the record of a decision: which frames, in which modes, at which zoom, and how many
 * exact stills. It survives a reload within this tab, as long as the reel is the same one. It is told with the decision
 * and claims nothing about eyes.
 */
class Watched {
  constructor(room, reel) {
    this.room = room;
    this.key = `watched ${location.pathname} ${reel}`;
    const kept = read(this.key);
    this.frames = new Set(kept.frames.flatMap(([first, end]) => Array.from({ length: end - first }, (_, n) => first + n)));
    Object.assign(this, { modes: kept.modes, zooms: kept.zooms, exact: new Set(kept.exact) });
  }

  /** The picture that stands in the view now. */
  note() {
    const { room } = this;
    if (document.hidden || document.querySelector("dialog[open]")) return;
    const isNew = room.frame !== this.last?.frame || room.look.chosenMode !== this.last.mode || room.viewport.zoom !== this.last.zoom;
    this.last = { frame: room.frame, mode: room.look.chosenMode, zoom: room.viewport.zoom };
    if (room.isExact) this.exact.add(room.frame);
    if (!isNew) return;
    this.frames.add(room.frame);
    this.modes[this.last.mode] = (this.modes[this.last.mode] ?? 0) + 1;
    this.zooms[this.last.zoom] = (this.zooms[this.last.zoom] ?? 0) + 1;
  }

  get report() {
    return { frames: spans(this.frames), modes: this.modes, zooms: this.zooms, exact: this.exact.size };
  }

  keep() {
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ ...this.report, exact: [...this.exact] }));
    } catch (error) {
      console.warn(error);
    }
  }
}

function read(key) {
  const nothing = { frames: [], modes: {}, zooms: {}, exact: [] };
  try {
    return { ...nothing, ...JSON.parse(sessionStorage.getItem(key)) };
  } catch {
    return nothing;
  }
}

/** Frames as [first, end] without the end, in order. */
function spans(frames) {
  const told = [];
  for (const frame of [...frames].sort((one, other) => one - other)) {
    if (told.at(-1)?.[1] === frame) told.at(-1)[1] += 1;
    else told.push([frame, frame + 1]);
  }
  return told;
}

function begin(room) {
  const fields = [...document.querySelectorAll("[data-watched]")];
  if (fields.length === 0) return;
  const watched = new Watched(room, document.querySelector("[name='pair_reel_sha256']").value);
  for (const name of ["frame", "drawn"]) room.addEventListener(name, () => watched.note());
  watched.note();
  for (const field of fields) {
    field.form.addEventListener("submit", () => { field.value = JSON.stringify(watched.report); });
    field.form.querySelector("[data-watched-words]").hidden = false;
  }
  addEventListener("pagehide", () => watched.keep());
}

const room = await entered;
if (room) begin(room);
