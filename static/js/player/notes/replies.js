/**
 * What is being written below the notes of the list. Fires "kept" with a whole reply; whatever is half written stays
 * when the list is drawn anew.
 */
export class Replies extends EventTarget {
  constructor(list) {
    super();
    this.list = list;
    list.addEventListener("submit", (event) => event.target.matches("[data-reply]") && this.#keep(event));
    list.addEventListener("keydown", (event) => this.#listen(event));
    list.addEventListener("htmx:beforeSwap", () => { this.drafts = this.#drafts(); });
    list.addEventListener("htmx:afterSettle", () => this.#bringBack());
  }

  /** A reply that the server refused is in its place again, unless another one is being written there. Whether it is. */
  comeBack({ note, refusal }) {
    const form = [...this.list.querySelectorAll("[data-reply]")].find(({ action }) => action === note.to);
    if (!form || form.elements.text.value) return false;
    form.elements.text.value = note.text;
    form.elements.text.setCustomValidity(refusal);
    form.closest("details").open = true;
    form.elements.text.reportValidity();
    form.elements.text.addEventListener("input", ({ target }) => target.setCustomValidity(""), { once: true });
    return true;
  }

  #listen(event) {
    const form = event.target.closest("[data-reply]");
    if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  }

  #keep(event) {
    event.preventDefault();
    const { action, elements: { text } } = event.target;
    this.dispatchEvent(new CustomEvent("kept", { detail: { to: action, text: text.value } }));
    text.value = "";
    event.target.closest("details").open = false;
  }

  #drafts() {
    return [...this.list.querySelectorAll("textarea")].filter(({ value, defaultValue }) => value !== defaultValue)
      .map((field) => ({ id: field.id, value: field.value, isHere: field === document.activeElement,
        selection: [field.selectionStart, field.selectionEnd] }));
  }

  #bringBack() {
    for (const { id, value, isHere, selection } of this.drafts ?? []) {
      const field = document.getElementById(id);
      if (!field || field.value === value) continue;
      field.value = value;
      field.closest("details").open = true;
      if (isHere) field.focus();
      field.setSelectionRange(...selection);
    }
    this.drafts = [];
  }
}
