const AGAIN_MS = 15_000;

/**
 * Notes on their way. Each is kept in this browser until the server says that it has it, so that a lost connection
 * loses none; the server knows a note by its key, so that one sent twice is there once. Fires "refused" with a note
 * that the server will never take, and why.
 */
export class Outbox extends EventTarget {
  #isSending = false;
  #isLoggedOut = false;

  #unkept = new Map();

  /** Whoever else logs in to this browser sends nothing under their own name: notes wait for who wrote them. */
  constructor(panel, address) {
    super();
    Object.assign(this, { panel, address, mark: `note ${panel.dataset.notesOf} ${new URL(address).pathname} ` });
    addEventListener("online", () => this.sendAll());
    addEventListener("focus", () => this.sendAll());
    setInterval(() => this.sendAll(), AGAIN_MS);
    this.#tell();
  }

  get waiting() {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(this.mark));
    const kept = names.map((name) => JSON.parse(localStorage.getItem(name)));
    return [...kept, ...this.#unkept.values()].sort((one, other) => one.at - other.at);
  }

  take(note) {
    const whole = { ...note, at: Date.now() };
    try {
      localStorage.setItem(this.mark + note.key, JSON.stringify(whole));
    } catch {
      this.#unkept.set(note.key, whole);
    }
    this.#tell();
    return this.sendAll();
  }

  async sendAll() {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (const note of this.waiting) {
        if (!(await this.#send(note))) break;
      }
    } finally {
      this.#isSending = false;
    }
  }

  /** Whether to go on with the next one. */
  async #send(note) {
    let answer;
    try {
      answer = await fetch(this.address, { method: "POST", body: new URLSearchParams(note),
        headers: { Accept: "application/json", "X-CSRFToken": this.#token() } });
    } catch {
      return false;
    }
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    this.#isLoggedOut = answer.redirected || answer.status === 403;
    if (answer.status === 201 || (answer.status === 422 && isJson)) this.#drop(note);
    this.#tell();
    if (answer.status === 201) document.body.dispatchEvent(new Event("notes-changed"));
    else if (answer.status === 422 && isJson) {
      this.dispatchEvent(new CustomEvent("refused", { detail: { note, refusal: (await answer.json()).refusal } }));
    }
    return answer.status === 201 || answer.status === 422;
  }

  /** Logging in again gives another token, which only the cookie knows. */
  #token() {
    return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1]
      ?? this.panel.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  #drop({ key }) {
    localStorage.removeItem(this.mark + key);
    this.#unkept.delete(key);
  }

  #tell() {
    const { length } = this.waiting;
    const part = (name) => this.panel.querySelector(`[data-${name}]`);
    const many = part("unsent-many");
    many.dataset.said ??= many.textContent;
    many.textContent = many.dataset.said.replace("{count}", length);
    part("note-unsent").hidden = length === 0;
    part("unsent-one").hidden = length !== 1;
    many.hidden = length < 2;
    part("unsent-login").hidden = !this.#isLoggedOut;
  }
}
