const BEGUN = /(?:^|[^\w@.+-])@([\w.@+-]{0,30})$/;
const MOST = 6;

/** Whom a note tells: after an @ the colleagues whose names begin so, to be chosen by arrows and Enter, or pressed. */
export class Mentions {
  #colleagues = null;

  constructor(panel) {
    this.address = panel.dataset.colleagues;
    this.list = panel.querySelector("[data-mentions]");
    panel.addEventListener("input", (event) => this.#look(event.target));
    panel.addEventListener("focusout", () => this.#close());
    // Before whoever else listens for Enter and Escape here.
    panel.addEventListener("keydown", (event) => this.#listen(event), { capture: true });
    this.list.addEventListener("pointerdown", (event) => this.#pressed(event));
  }

  async #look(field) {
    const begun = field.matches("textarea") && field.value.slice(0, field.selectionStart).match(BEGUN);
    if (!begun) {
      this.#close();
      return;
    }
    const asked = begun[1].toLowerCase();
    this.#colleagues ??= fetch(this.address, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : { colleagues: [] }), () => ({ colleagues: [] }));
    const { colleagues } = await this.#colleagues;
    const found = colleagues.filter(({ username, name }) =>
      username.toLowerCase().startsWith(asked) || name.toLowerCase().startsWith(asked));
    if (document.activeElement === field) this.#open(field, found.slice(0, MOST));
  }

  #open(field, found) {
    this.field = field;
    this.list.replaceChildren(...found.map(({ username, name }, index) => {
      const option = document.createElement("li");
      Object.assign(option, { id: `mention-${index}`, textContent: `@${username}` });
      option.setAttribute("role", "option");
      option.dataset.username = username;
      const said = document.createElement("span");
      said.className = "quiet";
      said.textContent = ` ${name}`;
      option.append(said);
      return option;
    }));
    field.after(this.list);
    this.list.hidden = found.length === 0;
    if (found.length === 0) this.#close();
    else {
      field.setAttribute("aria-controls", this.list.id);
      this.#point(0);
    }
  }

  #point(at) {
    const options = [...this.list.children];
    this.at = (at + options.length) % options.length;
    for (const [index, option] of options.entries()) option.setAttribute("aria-selected", index === this.at);
    this.field.setAttribute("aria-activedescendant", options[this.at].id);
  }

  #listen(event) {
    if (this.list.hidden || event.target !== this.field || event.ctrlKey || event.metaKey) return;
    const acts = {
      ArrowDown: () => this.#point(this.at + 1), ArrowUp: () => this.#point(this.at - 1), Escape: () => this.#close(),
      Enter: () => this.#take(this.list.children[this.at]), Tab: () => this.#take(this.list.children[this.at]) };
    if (!(event.key in acts)) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  #pressed(event) {
    event.preventDefault();
    const option = event.target.closest("[data-username]");
    if (option) this.#take(option);
  }

  #take({ dataset: { username } }) {
    const { field } = this, end = field.selectionStart, at = field.value.lastIndexOf("@", end - 1);
    field.setRangeText(`@${username} `, at, end, "end");
    this.#close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #close() {
    this.list.hidden = true;
    for (const name of ["aria-controls", "aria-activedescendant"]) this.field?.removeAttribute(name);
  }
}
