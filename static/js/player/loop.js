/** The stretch of the reel that is played over and over. `start` and `end` are frames that belong to it, or null. */
export class Loop extends EventTarget {
  start = null;
  end = null;
  isOn = false;

  constructor(frames, { start, end, isOn } = {}) {
    super();
    this.frames = frames;
    const inside = (frame) => (frame !== null && frame < frames ? frame : null);
    Object.assign(this, { start: inside(start ?? null), end: inside(end ?? null), isOn: Boolean(isOn) });
    if (this.first > this.last) Object.assign(this, { start: null, end: null });
  }

  get first() {
    return this.start ?? 0;
  }

  get last() {
    return this.end ?? this.frames - 1;
  }

  /** A start behind the end lets the end go, and the other way round. */
  begin(frame) {
    this.#become({ start: frame, end: frame > this.last ? null : this.end, isOn: true });
  }

  finish(frame) {
    this.#become({ end: frame, start: frame < this.first ? null : this.start, isOn: true });
  }

  toggle() {
    this.#become({ isOn: !this.isOn });
  }

  clear() {
    this.#become({ start: null, end: null, isOn: false });
  }

  #become(values) {
    Object.assign(this, values);
    this.dispatchEvent(new Event("change"));
  }
}
