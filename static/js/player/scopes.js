import { drawHistogram, drawVectors, drawWaveform } from "./scope-drawing.js";

const LEAST_MS = 100;
const COLUMNS = 256;
const ROWS = 144;

/**
 * Waveform, histogram and vectorscope of both sides, of the part of the picture that is seen. Values are read, not
 * averaged: every sample is one pixel. At most ten times a second.
 */
export class Scopes {
  #last = 0;
  #timer = 0;

  constructor(element, { sides, seen }) {
    Object.assign(this, { element, sides, seen });
    const scratch = Object.assign(document.createElement("canvas"), { width: COLUMNS, height: ROWS });
    this.scratch = scratch.getContext("2d", { willReadFrequently: true });
    this.rows = ["a", "b"].map((side) => {
      const part = element.querySelector(`[data-scope-side="${side}"]`);
      const canvas = (name) => part.querySelector(`[data-scope="${name}"]`);
      return { waveform: canvas("waveform"), histogram: canvas("histogram"), vectors: canvas("vectors"), clipped: part.querySelector("[data-clipped]") };
    });
  }

  get isOn() {
    return !this.element.hidden;
  }

  set isOn(isOn) {
    this.element.hidden = !isOn;
    this.measure();
  }

  /** Measure what is shown, now or as soon as it may. */
  measure() {
    if (!this.isOn || this.#timer) return;
    const wait = Math.max(0, LEAST_MS - (performance.now() - this.#last));
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#last = performance.now();
      const sides = this.sides();
      if (sides) sides.forEach((side, index) => this.#measureSide(side, this.rows[index]));
    }, wait);
  }

  #measureSide(side, { waveform, histogram, vectors, clipped }) {
    const { x, y, width, height } = this.seen();
    this.scratch.imageSmoothingEnabled = false;
    this.scratch.drawImage(side.image, side.x + x * side.width, side.y + y * side.height,
      width * side.width, height * side.height, 0, 0, COLUMNS, ROWS);
    const pixels = this.scratch.getImageData(0, 0, COLUMNS, ROWS).data;
    const luma = lumaOf(pixels);
    drawWaveform(waveform, luma, COLUMNS);
    const counts = drawHistogram(histogram, luma);
    drawVectors(vectors, pixels, luma);
    const percent = (count) => `${((100 * count) / luma.length).toLocaleString(undefined, { maximumFractionDigits: 1 })} %`;
    clipped.textContent = `${percent(counts[0])} · ${percent(counts[255])}`;
  }
}

/** Y′ of BT.709 from full-range R′G′B′, 0..255. */
function lumaOf(pixels) {
  const luma = new Uint8Array(pixels.length / 4);
  for (let at = 0; at < luma.length; at++) {
    luma[at] = Math.round(0.2126 * pixels[4 * at] + 0.7152 * pixels[4 * at + 1] + 0.0722 * pixels[4 * at + 2]);
  }
  return luma;
}
