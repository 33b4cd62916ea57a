const PAUSE_MS = 120;

/**
 * The exact stills: both sides of one frame, lossless, decoded by the server from the masters themselves. The reel is
 * a working copy and never has the last word where pixels are looked at. Fires "change" when they come or go.
 */
export class ExactStills extends EventTarget {
  sides = null;
  isComing = false;
  #frame = null;
  #timer = 0;

  /** `addresses`: frame 0 of each side. */
  constructor(addresses) {
    super();
    this.addresses = addresses;
  }

  /** Ask for a frame's stills, or with null for none. Whatever was asked before is forgotten. */
  want(frame) {
    if (frame === this.#frame) return;
    this.#frame = frame;
    this.isComing = frame !== null;
    clearTimeout(this.#timer);
    if (this.sides) this.#become(null);
    if (frame !== null) this.#timer = setTimeout(() => this.#bring(frame), PAUSE_MS);
  }

  async #bring(frame) {
    try {
      const sides = await Promise.all(this.addresses.map((address) => load(address, frame)));
      if (frame === this.#frame) this.#become(sides);
    } catch {
      if (frame !== this.#frame) return;
      this.isComing = false;
      this.dispatchEvent(new CustomEvent("missing", { detail: frame }));
    }
  }

  #become(sides) {
    this.sides = sides;
    if (sides) this.isComing = false;
    this.dispatchEvent(new Event("change"));
  }
}

async function load(address, frame) {
  const image = new Image();
  image.src = address.replace("/0.png", `/${frame}.png`);
  await image.decode();
  return { image, x: 0, y: 0, width: image.naturalWidth, height: image.naturalHeight };
}
