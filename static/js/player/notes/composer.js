/**
 * What is being written. Its place follows the picture until the first word or stroke, then it stays; with a loop the
 * place is the loop. Fires "kept" with a whole note.
 */
export class Composer extends EventTarget {
  #isPinned = false;

  constructor(panel, room, drawing) {
    super();
    Object.assign(this, { panel, room, drawing, form: panel.querySelector("[data-note-form]") });
    this.field = (name) => this.form.elements[name];
    this.part = (name) => panel.querySelector(`[data-${name}]`);
    room.addEventListener("frame", () => this.#follow());
    room.loop?.addEventListener("change", () => this.#follow());
    this.field("text").addEventListener("input", () => { room.pause(); this.#pin(this.isEmpty); });
    this.field("text").addEventListener("focus", () => room.isPlaying && room.pause());
    drawing.addEventListener("change", () => this.#drawn());
    this.field("side").addEventListener("change", () => drawing.seeOn(this.field("side").value));
    this.part("note-here").addEventListener("click", () => this.#place());
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.#keep(); });
    this.form.addEventListener("keydown", (event) => this.#listen(event));
    this.#place();
  }

  get isEmpty() {
    return !this.field("text").value.trim() && this.drawing.strokes.length === 0;
  }

  open() {
    this.room.pause();
    this.#follow();
    this.field("text").focus();
  }

  /** A note that the server refused is here again as it was, unless another one is being written. */
  comeBack({ note, refusal }) {
    if (!this.isEmpty) {
      this.tellRefused({ note, refusal });
      return;
    }
    this.#show("note-refusal", refusal);
    for (const name of ["first", "last", "text", "category", "side"]) this.field(name).value = note[name];
    this.drawing.replace(JSON.parse(note.drawing || "[]"), note.side);
    this.#isPinned = true;
    this.#say();
  }

  /** Words that are nowhere else any more. */
  tellRefused({ note, refusal }) {
    this.#show("note-refused", `${refusal} “${note.text}”`);
  }

  #show(part, words) {
    this.part(part).textContent = words;
    this.part(part).hidden = false;
  }

  #keep() {
    if (this.isEmpty) {
      this.field("text").focus();
      return;
    }
    const note = Object.fromEntries(["first", "last", "text", "category", "side"].map(
      (name) => [name, this.field(name).value]));
    this.dispatchEvent(new CustomEvent("kept", { detail: { ...note, drawing: JSON.stringify(this.drawing.strokes) } }));
    this.field("text").value = "";
    for (const name of ["note-refusal", "note-refused"]) this.part(name).hidden = true;
    this.drawing.finish();
    this.#place();
    this.field("text").blur();
  }

  /** The first stroke says on which side something was seen. */
  #drawn() {
    if (this.drawing.strokes.length === 1 && this.drawing.side) this.field("side").value = { a: "original", b: "restored" }[this.drawing.side];
    this.#pin(this.isEmpty);
  }

  #follow() {
    if (this.#isPinned) this.#say();
    else this.#place();
  }

  #pin(isEmpty) {
    if (!isEmpty === this.#isPinned) return;
    this.#isPinned = !isEmpty;
    this.#follow();
  }

  #place() {
    const { loop, frame } = this.room;
    const isRange = loop?.isOn && loop.start !== null && loop.end !== null;
    this.field("first").value = isRange ? loop.start : frame;
    this.field("last").value = isRange ? loop.end : frame;
    this.#isPinned = !this.isEmpty;
    this.drawing.placeAt(this.range);
    this.#say();
  }

  get range() {
    return { start: Number(this.field("first").value), end: Number(this.field("last").value) + 1 };
  }

  #say() {
    const { start, end } = this.range;
    const labels = [start, end - 1].map((frame) => this.room.timecode(frame));
    this.part("note-where").textContent = end - start > 1 ? labels.join(" – ") : labels[0];
    const { frame } = this.room;
    this.part("note-here").hidden = !this.#isPinned || (start <= frame && frame < end);
  }

  #listen(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.key === "Escape") {
      event.target.blur();
    }
  }
}
