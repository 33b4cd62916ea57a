export const ZOOMS = ["fit", 1, 2, 4];

/**
 * Where the picture lies in its pane. One viewport serves both sides, so that they can never show different places.
 *
 * `zoom` is "fit" or device pixels per pixel of the master; `centre` is the point of the picture in the middle of the
 * pane, as fractions of its size. Panes are in device pixels.
 */
export class Viewport {
  zoom = "fit";
  centre = { x: 0.5, y: 0.5 };

  constructor(width, height) {
    this.width = width;
    this.height = height;
  }

  scale(pane) {
    return this.zoom === "fit" ? Math.min(pane.width / this.width, pane.height / this.height) : this.zoom;
  }

  /** The rectangle of the whole picture, in the pane's coordinates; whole pixels, so that 1:1 is 1:1. */
  rectangle(pane) {
    const scale = this.scale(pane);
    const width = Math.round(this.width * scale);
    const height = Math.round(this.height * scale);
    return {
      x: place(pane.width, width, this.centre.x),
      y: place(pane.height, height, this.centre.y),
      width,
      height,
      scale,
    };
  }

  /** Move the picture with the hand: by so many device pixels. */
  pan(pane, dx, dy) {
    const { x, y, width, height } = this.rectangle(pane);
    this.centre = {
      x: keepInside((pane.width / 2 - x - dx) / width, pane.width / width),
      y: keepInside((pane.height / 2 - y - dy) / height, pane.height / height),
    };
  }

  /** Change the zoom and keep the point under (x, y) of the pane where it is. */
  zoomAt(pane, zoom, x = pane.width / 2, y = pane.height / 2) {
    const before = this.rectangle(pane);
    const point = { x: (x - before.x) / before.width, y: (y - before.y) / before.height };
    this.zoom = zoom;
    const scale = this.scale(pane);
    this.centre = {
      x: keepInside(point.x + (pane.width / 2 - x) / (this.width * scale), pane.width / (this.width * scale)),
      y: keepInside(point.y + (pane.height / 2 - y) / (this.height * scale), pane.height / (this.height * scale)),
    };
  }
}

function place(room, size, centre) {
  if (size <= room) return Math.round((room - size) / 2);
  return Math.round(Math.min(0, Math.max(room - size, room / 2 - centre * size)));
}

function keepInside(centre, share) {
  if (share >= 1) return 0.5;
  return Math.max(share / 2, Math.min(1 - share / 2, centre));
}
