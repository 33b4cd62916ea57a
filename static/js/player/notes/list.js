/**
 * The notes that the panel lists. Fires "change" when the list is another one, moves the room to a note, and fires
 * "chosen" with it when it is there.
 */
export class NoteList extends EventTarget {
  items = [];

  constructor(panel, room) {
    super();
    Object.assign(this, { panel, room, element: panel.querySelector("[data-notes-list]") });
    this.element.addEventListener("click", (event) => this.#go(event));
    this.element.addEventListener("htmx:afterSettle", () => this.#read());
    room.addEventListener("frame", () => this.#showCurrent());
    this.#read();
  }

  /** The notes that lie on a frame. */
  here(frame) {
    return this.items.filter(({ start, end }) => start <= frame && frame < end);
  }

  /** To the note before or after this frame; of notes at the same frame each gets its turn. */
  step(direction) {
    const { frame } = this.room;
    const at = this.items.findIndex(({ element }) => element.hasAttribute("aria-current"));
    const stands = at >= 0 && this.items[at].start === frame;
    const target = stands ? this.items[at + direction]
      : direction > 0 ? this.items.find(({ start }) => start > frame)
        : this.items.findLast(({ start }) => start < frame);
    return target && this.#show(target);
  }

  #go(event) {
    const link = event.target.closest("[data-goes]");
    if (!link) return;
    event.preventDefault();
    this.#show(this.items.find(({ element }) => element.contains(link)));
  }

  async #show(item) {
    this.chosen = item.element;
    await this.room.goTo(item.start);
    this.#showCurrent();
    item.element.scrollIntoView({ block: "nearest" });
    this.#choose(item);
  }

  /** The note that the address names. */
  showLinked() {
    const linked = this.items.find(({ element }) => `#${element.id}` === location.hash);
    if (!linked) return;
    this.chosen = linked.element;
    this.#showCurrent();
    this.#choose(linked);
  }

  #choose(item) {
    this.dispatchEvent(new CustomEvent("chosen", { detail: item }));
  }

  #read() {
    this.items = [...this.element.querySelectorAll("[data-note]")].map((element) => ({
      element, ...JSON.parse(element.dataset.note) }));
    const { openCount } = this.element.querySelector("[data-open-count]")?.dataset ?? {};
    if (openCount) this.panel.querySelector("[data-notes-count]").textContent = openCount;
    const number = document.querySelector("[data-notes-number]");
    if (number) number.textContent = this.items.length || "";
    this.#showCurrent();
    this.dispatchEvent(new Event("change"));
  }

  /** One note is the current one: that which was gone to, else the first that lies on this frame. */
  #showCurrent() {
    const here = this.here(this.room.frame);
    const current = here.find(({ element }) => element === this.chosen) ?? here[0];
    for (const item of this.items) item.element.toggleAttribute("aria-current", item === current);
  }
}
