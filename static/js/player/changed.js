const PAUSE_MS = 120;
// One colour for each repair, told apart also by people who see few colours (Okabe and Ito), and always named beside.
const TINTS = ["#e69f00", "#56b4e9", "#cc79a7", "#009e73", "#f0e442", "#d55e00", "#0072b2", "#ffffff"];

/**
 * Where the repairs changed one frame, as the engine's masks say. Fires "change" when that is known or forgotten.
 * `told` is what the server says of the frame, `areas` the masks that are shown, tinted on black; both null where
 * nothing is known.
 */
export class ChangedAreas extends EventTarget {
  told = null;
  #masks = null;
  #hidden = new Set();
  #frame = null;
  #timer = 0;

  constructor(address) {
    super();
    this.address = address;
  }

  want(frame) {
    if (frame === this.#frame) return;
    this.#frame = frame;
    clearTimeout(this.#timer);
    if (this.told) this.#become(null, null);
    if (frame !== null) this.#timer = setTimeout(() => this.#bring(frame), PAUSE_MS);
  }

  get areas() {
    return this.#masks && this.#masks.filter(({ repair }) => !this.#hidden.has(repair));
  }

  isHidden(repair) {
    return this.#hidden.has(repair);
  }

  show(repair, isShown) {
    if (isShown) this.#hidden.delete(repair);
    else this.#hidden.add(repair);
    this.dispatchEvent(new Event("change"));
  }

  async #bring(frame) {
    const told = await this.#ask(frame).catch(() => null);
    if (frame === this.#frame) this.#become(told?.answer ?? null, told?.masks ?? null);
  }

  async #ask(frame) {
    const answered = await fetch(this.address.replace(/0$/, frame));
    if (!answered.ok) return null;
    const answer = await answered.json();
    const masks = answer.is_kept && await Promise.all(
      answer.repairs.filter(({ mask }) => mask).map((repair) => tinted(repair, answer.columns)));
    return { answer, masks: masks || null };
  }

  #become(told, masks) {
    this.told = told;
    this.#masks = masks;
    this.dispatchEvent(new Event("change"));
  }
}

export const tintOf = ({ index }) => TINTS[index % TINTS.length];

/** The mask in its repair's colour, as a side to paint: of the columns that the master shows. */
async function tinted(repair, [first, share]) {
  const image = new Image();
  image.src = repair.mask;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  context.globalCompositeOperation = "multiply";
  context.fillStyle = tintOf(repair);
  context.fillRect(0, 0, width, height);
  return { repair: repair.name, image: canvas, x: first * width, y: 0, width: share * width, height };
}
