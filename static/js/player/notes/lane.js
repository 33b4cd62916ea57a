const SVG = "http://www.w3.org/2000/svg";

/** The listed notes over the time axis of the deck: a mark for a frame, a bar for a range; hollow when resolved. */
export function markLane(list, room) {
  const group = document.querySelector("[data-note-marks]");
  if (!group) return;
  // One frame of a long reel is less than a pixel wide.
  const least = room.facts.frames / 300;
  group.replaceChildren(...list.items.map(({ start, end, element }) => {
    const mark = document.createElementNS(SVG, "rect");
    const title = document.createElementNS(SVG, "title");
    title.textContent = [".note-goes", ".note-about", ".note-text"].map(
      (part) => element.querySelector(part)?.textContent.trim() ?? "").join(" · ");
    for (const [name, value] of Object.entries({ x: start, width: Math.max(least, end - start), height: 10 })) {
      mark.setAttribute(name, value);
    }
    mark.setAttribute("class", element.classList.contains("is-resolved") ? "note-mark is-resolved" : "note-mark");
    mark.append(title);
    return mark;
  }));
}
