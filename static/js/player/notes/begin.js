import { entered } from "../enter.js";
import { isPanelShown, showPanel } from "../panels.js";
import { Drawing } from "../draw.js";
import { Composer } from "./composer.js";
import { markLane } from "./lane.js";
import { NoteList } from "./list.js";
import { Mentions } from "./mentions.js";
import { Outbox } from "./outbox.js";
import { Replies } from "./replies.js";

/** The notes' part of the room: it joins the list, the deck, the drawing layer and what is being written. */
function begin(room) {
  const panel = document.querySelector("[data-panel='notes']");
  if (!panel) return;
  const list = new NoteList(panel, room);
  const drawing = new Drawing(room, panel.querySelector("[data-draw-tools]"), panel.querySelector("[data-note-do='drawings']"),
    () => list.here(room.frame));
  const composer = new Composer(panel, room, drawing);
  new Mentions(panel);
  const outbox = new Outbox(panel, composer.form.action);
  composer.addEventListener("kept", (event) => outbox.take(event.detail));
  const replies = new Replies(list.element);
  replies.addEventListener("kept", (event) => outbox.take(event.detail));
  outbox.addEventListener("refused", ({ detail }) => {
    if (!detail.note.to) composer.comeBack(detail);
    else if (detail.isGone || !replies.comeBack(detail)) composer.tellRefused(detail);
  });
  const mark = () => { markLane(list, room); drawing.paint(); };
  list.addEventListener("change", mark);
  list.addEventListener("chosen", (event) => drawing.reveal(event.detail));
  mark();
  list.showLinked();
  const shown = (act) => () => { showPanel("notes"); return act(); };
  const command = (press) => ({ press });
  Object.assign(room.commands, {
    "note-now": command(shown(() => composer.open())),
    notes: command(() => showPanel(isPanelShown("notes") ? "decision" : "notes")),
    draw: command(shown(() => drawing.toggle())),
    drawings: command(() => drawing.toggleShown()),
    "previous-note": command(shown(() => list.step(-1))),
    "next-note": command(shown(() => list.step(1))),
  });
  for (const button of panel.querySelectorAll("[data-note-do]")) {
    button.addEventListener("click", () => room.commands[button.dataset.noteDo].press());
  }
  outbox.sendAll();
}

const room = await entered;
if (room) begin(room);
