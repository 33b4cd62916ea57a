import { timecode } from "./rate.js";

/** The instrument under the picture: timecode, frame number, position, shots. It shows and asks; it decides nothing. */
export class Deck {
  constructor(element, facts, transport, loop) {
    Object.assign(this, { facts, transport, loop });
    this.part = (name) => element.querySelector(`[data-${name}]`);
    this.position = this.part("position");
    this.rows = [...element.querySelectorAll("[data-lane]")];
    this.position.addEventListener("input", () => transport.go(Number(this.position.value)));
    for (const lane of this.rows) this.#listenToLane(lane);
    transport.addEventListener("change", () => this.showMotion());
    this.position.style.setProperty("--frames", facts.frames);
    this.showLoop();
  }

  show(frame) {
    const { rate, start, isDropFrame, frames, shots } = this.facts;
    const label = timecode(frame, rate, start, isDropFrame);
    this.part("timecode").textContent = label;
    this.part("frame").textContent = `${frame.toLocaleString()} / ${(frames - 1).toLocaleString()}`;
    this.position.value = frame;
    this.position.setAttribute("aria-valuetext", label);
    for (const lane of this.rows) {
      const head = lane.querySelector("[data-playhead]");
      head.setAttribute("x1", frame + 0.5);
      head.setAttribute("x2", frame + 0.5);
    }
    const shot = shots.findLastIndex(([from]) => from <= frame);
    this.part("shot").textContent = shots.length ? `${shot + 1} / ${shots.length}` : "–";
  }

  showLoop() {
    const { loop, facts } = this;
    const band = this.part("band");
    band.hidden = !loop.isOn && loop.start === null && loop.end === null;
    band.dataset.off = loop.isOn ? "" : "off";
    band.style.setProperty("--from", `${(100 * loop.first) / facts.frames}%`);
    band.style.setProperty("--length", `${(100 * (loop.last + 1 - loop.first)) / facts.frames}%`);
    this.part("clip-of-loop").search = band.hidden ? "" : `?from=${loop.first}&to=${loop.last}`;
  }

  showMotion() {
    const { speed, isPlaying } = this.transport;
    const button = this.part("do='toggle'");
    button.setAttribute("aria-pressed", isPlaying);
    this.part("play-word").hidden = isPlaying;
    this.part("pause-word").hidden = !isPlaying;
    this.part("speed").textContent = isPlaying && speed !== 1 ? `${speed < 0 ? "−" : ""}${Math.abs(speed)}×` : "";
  }

  #listenToLane(lane) {
    const go = (event) => {
      const box = lane.getBoundingClientRect();
      this.transport.go(Math.floor(((event.clientX - box.x) / box.width) * this.facts.frames));
    };
    lane.addEventListener("pointerdown", (event) => {
      lane.setPointerCapture(event.pointerId);
      go(event);
    });
    lane.addEventListener("pointermove", (event) => {
      if (lane.hasPointerCapture(event.pointerId)) go(event);
    });
  }
}
