import { entered } from "./enter.js";
import { showPanel } from "./panels.js";

/** The shot list beside the player: it follows the playhead, and marks the shot under it as good or as a bad case. */
class Shots {
  constructor(room) {
    this.room = room;
    this.dialog = document.querySelector('[data-dialog="bad-case"]');
    document.addEventListener("click", (event) => this.#clicked(event));
    document.body.addEventListener("htmx:afterSettle", (event) => {
      if (event.target.id === "shots") this.#settled();
    });
    this.dialog.addEventListener("click", (event) => {
      const kind = event.target.closest("[data-category]");
      if (kind) this.#mark("bad_case", kind.dataset.category);
    });
    this.dialog.addEventListener("keydown", (event) => {
      if (event.target.matches("textarea")) return;
      this.dialog.querySelectorAll("[data-category]")[Number(event.key) - 1]?.click();
    });
    room.addEventListener("frame", () => this.show());
    room.addEventListener("open", (event) => tellStanding(event.detail));
    this.show();
  }

  get panel() {
    return document.querySelector('[data-panel="shots"]');
  }

  get rows() {
    return [...this.panel.querySelectorAll("[data-shot-row]")];
  }

  /** The row of the shot under the playhead. */
  get here() {
    const { frame } = this.room;
    return this.rows.find(({ dataset }) => Number(dataset.start) <= frame && frame < Number(dataset.end));
  }

  show() {
    const { here } = this;
    if (here === this.shown && here?.hasAttribute("aria-current")) return;
    for (const row of this.rows) row.toggleAttribute("aria-current", row === here);
    this.shown = here;
    if (here && !this.panel.hidden) here.scrollIntoView({ block: "nearest" });
  }

  good() {
    this.chosen = this.here;
    this.#mark("good");
  }

  /** Ask what is wrong with a shot: the one under the playhead, if no other is named. */
  bad(row = this.here) {
    if (!row || !this.panel.dataset.judge) return;
    this.chosen = row;
    this.dialog.querySelector("[data-bad-number]").textContent = Number(row.dataset.index) + 1;
    this.dialog.querySelector("[data-bad-words]").value = "";
    this.room.open("bad-case");
    this.dialog.querySelector("[data-category]").focus();
  }

  #mark(verdict, category = "") {
    const { chosen: row, room, panel } = this;
    if (!row || !panel.dataset.judge) return;
    // By its number: a note that was kept meanwhile has the list drawn anew.
    const isHere = row.dataset.index === this.here?.dataset.index;
    const words = verdict === "good" ? "" : this.dialog.querySelector("[data-bad-words]").value;
    const values = { verdict, category, words, frame: isHere ? room.frame : row.querySelector('[name="frame"]').value };
    this.dialog.close();
    showPanel("shots");
    htmx.ajax("POST", panel.dataset.judge.replace(/\/0(?=\/[^/]*$)/, `/${row.dataset.index}`), {
      target: "#shots", swap: "outerHTML", values });
  }

  #clicked(event) {
    const row = event.target.closest("[data-shot-row]");
    if (!row) return;
    if (event.target.closest("[data-bad-case]")) this.bad(row);
    if (event.target.closest("[data-shot-goes]")) {
      event.preventDefault();
      this.room.goTo(Number(row.dataset.start));
    }
  }

  #settled() {
    showPanel(document.querySelector("[data-panels] [aria-pressed='true']").dataset.shows);
    this.shown = null;
    this.show();
  }
}

/** Whoever is about to decide sees what still stands against it. */
function tellStanding(dialog) {
  const words = dialog.querySelector("[data-standing-words]");
  if (!words) return;
  for (const [part, source] of [["shots", "[data-shot-counts]"], ["notes", "[data-notes-count]"]]) {
    words.querySelector(`[data-standing-${part}]`).textContent = document.querySelector(source).textContent;
  }
  words.hidden = false;
}

// Read before the room writes its own state into the address.
const asked = new URLSearchParams(location.search);
const room = await entered;
if (room && document.querySelector('[data-panel="shots"]')) {
  const shots = new Shots(room);
  const { firstNew } = shots.panel.dataset;
  // Of a derived version only what changed is to be looked at.
  if (firstNew && !location.hash) {
    showPanel("shots");
    if (!asked.has("f")) room.goTo(Number(firstNew));
  }
  const command = (press) => ({ press });
  Object.assign(room.commands, {
    "good-shot": command(() => shots.good()),
    "bad-case": command(() => shots.bad()),
    shots: command(() => { showPanel("shots"); shots.show(); }),
  });
}
