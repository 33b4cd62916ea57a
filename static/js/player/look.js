const FLICK_MS = 700;

/**
 * How the two sides are shown: what the compositor reads, and what the address keeps. Fires "change" when it changed.
 * A side is 0 (the original) or 1 (the restored).
 */
export class Look extends EventTarget {
  mode = "wipe";
  wipe = 0.5;
  isHorizontal = false;
  side = 1;
  #before = null;
  #flicker = 0;

  constructor(state) {
    super();
    const { mode, wipe, isHorizontal } = state;
    Object.assign(this, { mode, wipe, isHorizontal });
  }

  change(values) {
    Object.assign(this, values);
    this.dispatchEvent(new Event("change"));
  }

  setMode(mode) {
    this.flick(false);
    this.change({ mode, side: 1 });
  }

  showSide(side) {
    if (this.mode !== "flick") this.setMode("flick");
    this.change({ side });
  }

  get isFlicking() {
    return this.#flicker !== 0;
  }

  /** Show one side after the other, by itself. */
  flick(isOn) {
    clearInterval(this.#flicker);
    this.#flicker = isOn ? setInterval(() => this.change({ side: 1 - this.side }), FLICK_MS) : 0;
    this.dispatchEvent(new Event("change"));
  }

  /** While held, the other side fills the whole picture, whatever the mode. */
  peek(isHeld) {
    if (isHeld && !this.#before) {
      this.#before = { mode: this.mode, side: this.side };
      this.change({ mode: "flick", side: this.mode === "flick" ? 1 - this.side : 0 });
    } else if (!isHeld && this.#before) {
      const before = this.#before;
      this.#before = null;
      this.change(before);
    }
  }

  /** The mode that was chosen, also while a key is held. */
  get chosenMode() {
    return this.#before?.mode ?? this.mode;
  }
}
