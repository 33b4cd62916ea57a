const AGAIN_MS = 15_000;

/**
 * Notes and replies on their way. Each is kept in this browser until the server says that it has it, so that a lost
 * connection loses none; the server knows it by its key, so that one sent twice is there once. A reply says where `to`.
 * Fires "refused" with what the server will never take, and why.
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
    const whole = { ...note, key: crypto.randomUUID?.() ?? uuid(), at: Date.now() };
    try {
      localStorage.setItem(this.mark + whole.key, JSON.stringify(whole));
    } catch {
      this.#unkept.set(whole.key, whole);
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
      answer = await fetch(note.to ?? this.address, { method: "POST", body: new URLSearchParams(note),
        headers: { Accept: "application/json", "X-CSRFToken": this.#token() } });
    } catch {
      return false;
    }
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    this.#isLoggedOut = answer.redirected || answer.status === 403;
    const isRefused = answer.status === 422 && isJson, isGone = answer.status === 404 && Boolean(note.to);
    if (answer.status === 201 || isRefused || isGone) this.#drop(note);
    this.#tell();
    if (answer.status === 201) document.body.dispatchEvent(new Event("notes-changed"));
    else if (isRefused) this.#refuse(note, (await answer.json()).refusal);
    else if (isGone) this.#refuse(note, this.panel.dataset.gone, isGone);
    return answer.status === 201 || isRefused || isGone;
  }

  #refuse(note, refusal, isGone = false) {
    this.dispatchEvent(new CustomEvent("refused", { detail: { note, refusal, isGone } }));
    if (isGone) document.body.dispatchEvent(new Event("notes-changed"));
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

/** Browsers give UUIDs of their own only to pages that came over HTTPS. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
