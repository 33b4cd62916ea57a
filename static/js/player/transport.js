const SPEEDS = [1, 2, 4, 8];

/**
 * Play, pause, step, shuttle and loop. Fires "change" when it starts, stops or changes speed.
 * Browsers cannot play backwards; J is a run of single frames, as fast as they come.
 */
export class Transport extends EventTarget {
  speed = 0;
  #backwards = 0;
  #isReturning = false;

  constructor(clock, shots, loop) {
    super();
    Object.assign(this, { clock, source: clock.source, shots, loop });
    this.source.addEventListener("ended", () => (loop.isOn ? this.#again() : this.pause()));
    this.source.addEventListener("picture", ({ detail: { frame } }) => {
      if (loop.isOn && this.speed > 0 && frame >= loop.last) this.#again();
    });
    this.source.addEventListener("beyond", () => { if (this.speed > 0) this.#again(); });
    loop.addEventListener("change", () => this.#bound());
  }

  get isPlaying() {
    return this.speed !== 0;
  }

  async play(speed = 1) {
    this.#backwards = 0;
    const { loop, clock } = this;
    if (loop.isOn && (clock.frame < loop.first || clock.frame >= loop.last)) await clock.show(loop.first);
    else if (clock.frame >= clock.frames - 1) await clock.show(0);
    this.#become(speed);
    this.#bound();
    try {
      await this.source.play(speed);
    } catch (error) {
      if (error.name !== "AbortError") this.#become(0);
    }
  }

  /** Stop, and stand exactly on the frame that was last shown. */
  async pause() {
    this.#backwards = 0;
    this.source.pause();
    this.#become(0);
    await this.clock.show(this.clock.frame);
  }

  toggle() {
    return this.isPlaying ? this.pause() : this.play();
  }

  /** J and L: again in the same direction is faster. */
  shuttle(direction) {
    const isSame = Math.sign(this.speed) === direction;
    const speed = isSame ? SPEEDS[Math.min(SPEEDS.length - 1, SPEEDS.indexOf(Math.abs(this.speed)) + 1)] : SPEEDS[0];
    return direction > 0 ? this.play(speed) : this.#playBackwards(speed);
  }

  async go(frame) {
    if (this.isPlaying) this.#stop();
    this.source.last = Infinity;
    await this.clock.show(frame);
  }

  step(frames) {
    return this.go(this.clock.heading + frames);
  }

  toShot(direction) {
    const here = this.clock.heading;
    const starts = this.shots.map((shot) => shot[0]);
    const target = direction > 0
      ? starts.find((start) => start > here)
      : starts.findLast((start) => start < here);
    return target === undefined ? undefined : this.go(target);
  }

  /** Back to where the loop begins, and on at the same speed. */
  async #again() {
    if (this.#isReturning) return;
    this.#isReturning = true;
    this.source.pause();
    await this.clock.show(this.loop.first);
    this.#isReturning = false;
    if (this.speed > 0) await this.source.play(this.speed);
  }

  #stop() {
    this.#backwards = 0;
    this.source.pause();
    this.#become(0);
  }

  /** A slow screen may hear of the loop's end some frames late; those are never shown. */
  #bound() {
    this.source.last = this.loop.isOn && this.speed > 0 ? this.loop.last : Infinity;
  }

  async #playBackwards(speed) {
    this.source.pause();
    this.source.last = Infinity;
    this.#become(-speed);
    const run = (this.#backwards += 1);
    const { rate } = this.source;
    let last = performance.now();
    while (this.#backwards === run && this.clock.frame > 0) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      const frames = Math.floor(((now - last) / 1000) * (rate.num / rate.den) * speed);
      if (frames < 1) continue;
      last = now;
      await this.clock.show(this.clock.frame - frames);
    }
    if (this.#backwards === run) this.#stop();
  }

  #become(speed) {
    if (this.speed === speed) return;
    this.speed = speed;
    this.dispatchEvent(new Event("change"));
  }
}
