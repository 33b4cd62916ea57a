const PIXELS = 15;

/**
 * Looks at single pixels: both sides and their difference around one point, enlarged, and the values of that point. The
 * point follows the pointer, or the arrow keys while the magnifier has the focus.
 */
export class Loupe {
  #point = { x: 0.5, y: 0.5 };
  #isDue = false;

  constructor(element, { raster, sides, gain }) {
    Object.assign(this, { element, raster, sides, gain });
    this.tiles = ["a", "b", "difference"].map((name) => {
      const canvas = element.querySelector(`[data-tile="${name}"]`);
      Object.assign(canvas, { width: PIXELS, height: PIXELS });
      return canvas.getContext("2d", { willReadFrequently: true });
    });
    element.addEventListener("keydown", (event) => this.#step(event));
  }

  get isOn() {
    return !this.element.hidden;
  }

  set isOn(isOn) {
    this.element.hidden = !isOn;
    this.look();
  }

  /** Look at a point, as fractions of the picture. */
  at(point) {
    this.#point = { x: point.x, y: point.y };
    this.look();
  }

  /** Look again, at most once per screen refresh. */
  look() {
    if (!this.isOn || this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      const sides = this.sides();
      if (sides) this.#read(sides);
    });
  }

  #read(sides) {
    const [first, second] = sides.map((side, index) => this.#pixels(this.tiles[index], side));
    const difference = this.tiles[2].createImageData(PIXELS, PIXELS);
    const gain = this.gain();
    difference.data.forEach((_, at) => {
      difference.data[at] = at % 4 === 3 ? 255 : gain * Math.abs(second.data[at] - first.data[at]);
    });
    this.tiles[2].putImageData(difference, 0, 0);
    this.#tell(first.data, second.data);
  }

  /** The pixels around the point; they are of the raster of the second side, of which both show the same part. */
  #pixels(tile, side) {
    const { width, height } = this.sides()[1];
    const [column, row] = [Math.floor(this.#point.x * width), Math.floor(this.#point.y * height)];
    const [across, down] = [side.width / width, side.height / height];
    const reach = (PIXELS - 1) / 2;
    tile.imageSmoothingEnabled = false;
    tile.fillRect(0, 0, PIXELS, PIXELS);
    // Only what lies in this side: beside it in the image may be the other.
    const [left, top] = [Math.max(0, column - reach), Math.max(0, row - reach)];
    const [right, bottom] = [Math.min(width, column + reach + 1), Math.min(height, row + reach + 1)];
    tile.drawImage(side.image, side.x + left * across, side.y + top * down, (right - left) * across, (bottom - top) * down,
      left - column + reach, top - row + reach, right - left, bottom - top);
    return tile.getImageData(0, 0, PIXELS, PIXELS);
  }

  #tell(first, second) {
    const middle = 4 * ((PIXELS * PIXELS - 1) / 2);
    const of = (data) => [0, 1, 2].map((channel) => data[middle + channel]);
    const [a, b] = [of(first), of(second)];
    const told = { a, b, difference: b.map((value, channel) => signed(value - a[channel])) };
    for (const [name, values] of Object.entries(told)) {
      this.element.querySelector(`[data-value="${name}"]`).textContent = values.map((value) => String(value).padStart(4)).join(" ");
    }
    const { width, height } = this.raster;
    this.element.querySelector("[data-value=place]").textContent =
      `${Math.floor(this.#point.x * width)}, ${Math.floor(this.#point.y * height)}`;
  }

  #step(event) {
    const [across, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    if (across === undefined) return;
    event.preventDefault();
    const far = event.shiftKey ? 10 : 1;
    const move = (from, by, size) => Math.max(0, Math.min(size - 1, Math.floor(from * size) + by * far)) / size + 0.5 / size;
    this.at({
      x: move(this.#point.x, across, this.raster.width),
      y: move(this.#point.y, down, this.raster.height),
    });
  }
}

const signed = (value) => (value > 0 ? `+${value}` : value < 0 ? `−${-value}` : "0");
