const FLICK_MS = [1400, 1000, 700, 500, 350, 200];

/** What can be more or less in a mode, and its steps. */
const AMOUNTS = {
  difference: { name: "gain", steps: [1, 2, 4, 8, 16, 32], told: (gain) => `×${gain}` },
  blend: { name: "blend", steps: [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1], told: (share) => `${Math.round(share * 100)} %` },
  flick: { name: "flickMs", steps: FLICK_MS, told: (ms) => `${(ms / 1000).toLocaleString()} s` },
};

/**
 * How the two sides are shown: what the compositor reads, and what the address keeps. Fires "change" when it changed.
 * A side is 0 (the original, or what is compared in its place) or 1 (the restored).
 */
export class Look extends EventTarget {
  mode = "wipe";
  wipe = 0.5;
  isHorizontal = false;
  isHovering = false;
  isSwapped = false;
  gain = 4;
  blend = 0.5;
  flickMs = 700;
  side = 1;
  #before = null;
  #flicker = 0;

  constructor(state) {
    super();
    for (const name of Object.keys(this)) if (name in state) this[name] = state[name];
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
    this.flick(false);
    this.change({ mode: "flick", side });
  }

  /** What is more or less in this mode: its words, or null where nothing is. */
  get amount() {
    const amount = AMOUNTS[this.chosenMode];
    return amount ? amount.told(this[amount.name]) : null;
  }

  /** More or less of what the mode has: gain, share, speed. */
  turnAmount(direction) {
    const amount = AMOUNTS[this.chosenMode];
    if (!amount) return;
    const here = amount.steps.indexOf(this[amount.name]);
    const step = Math.max(0, Math.min(amount.steps.length - 1, here + direction));
    this.change({ [amount.name]: amount.steps[step] });
    if (this.isFlicking) this.flick(true);
  }

  get isFlicking() {
    return this.#flicker !== 0;
  }

  /** Show one side after the other, by itself. */
  flick(isOn) {
    clearInterval(this.#flicker);
    this.#flicker = isOn ? setInterval(() => this.change({ side: 1 - this.side }), this.flickMs) : 0;
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

/** The steps an address may name. */
export const stepOf = (mode, value) => AMOUNTS[mode].steps.find((step) => String(step) === value);
