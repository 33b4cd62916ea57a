import { tintOf } from "./changed.js";

/** Names the repairs that changed the frame: their colour, how much of the picture, and a switch for each. */
export class Legend {
  constructor(element, areas) {
    Object.assign(this, { element, areas });
    this.list = element.querySelector("ul");
    this.row = element.querySelector("template");
    areas.addEventListener("change", () => this.show());
    this.show();
  }

  show() {
    const { told } = this.areas;
    const state = told?.is_kept ? "kept" : told ? "lost" : "unknown";
    for (const word of this.element.querySelectorAll("[data-state]")) word.hidden = word.dataset.state !== state;
    this.list.replaceChildren(...(told?.repairs ?? []).map((repair) => this.#rowOf(repair, told.is_kept)));
  }

  #rowOf(repair, isKept) {
    const row = this.row.content.cloneNode(true);
    row.querySelector("[data-title]").textContent = repair.title;
    row.querySelector("[data-share]").textContent = repair.share;
    row.querySelector("[data-swatch]").style.setProperty("--tint", tintOf(repair));
    const box = row.querySelector("input");
    box.checked = Boolean(repair.mask) && !this.areas.isHidden(repair.name);
    box.disabled = !isKept || !repair.mask;
    box.addEventListener("change", () => this.areas.show(repair.name, box.checked));
    return row;
  }
}
