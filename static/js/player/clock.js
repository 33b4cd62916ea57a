const PATIENCE_MS = 600;
const ATTEMPTS = 3;

/**
 * Brings the reel to a frame and makes sure that it is the one shown. The latest wish wins: while one seek is under
 * way, wishes that were overtaken are never carried out.
 */
export class Clock extends EventTarget {
  #wish = null;
  #work = null;
  #last = 0;

  constructor(source, frames) {
    super();
    this.source = source;
    this.frames = frames;
  }

  get frame() {
    return this.source.picture?.frame ?? 0;
  }

  /** Where it is going: the frame that was last wished for, or the one that is here. */
  get heading() {
    return this.#work ? this.#last : this.frame;
  }

  /** Resolves when no wish is left. Fires "shown" or "unverified" for the last one. */
  show(frame) {
    this.#wish = this.#last = Math.max(0, Math.min(this.frames - 1, Math.round(frame)));
    this.#work ??= this.#fulfil();
    return this.#work;
  }

  async #fulfil() {
    // Never done before whoever called holds the promise of it.
    await null;
    do {
      const frame = this.#wish;
      this.#wish = null;
      const isShown = this.source.isAt(frame) || (await this.#seek(frame));
      if (this.#wish === null) this.dispatchEvent(new CustomEvent(isShown ? "shown" : "unverified", { detail: frame }));
    } while (this.#wish !== null);
    this.#work = null;
  }

  async #seek(frame) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const aside = attempt * 0.1 * (attempt % 2 ? 1 : -1);
      await this.source.seek(frame + aside, 10 * PATIENCE_MS);
      if (this.source.take()?.frame === frame || (await this.#presented(frame))) return true;
      if (this.#wish !== null) return false;
    }
    return false;
  }

  /** Whether the frame is presented within the time a slow machine may take. */
  #presented(frame) {
    return new Promise((resolve) => {
      const end = (answer) => {
        clearTimeout(timer);
        this.source.removeEventListener("picture", listen);
        resolve(answer);
      };
      const listen = (event) => { if (event.detail.frame === frame) end(true); };
      const timer = setTimeout(end, PATIENCE_MS, false);
      this.source.addEventListener("picture", listen);
    });
  }
}
