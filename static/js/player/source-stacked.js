import { Reel, half } from "./reel.js";

/**
 * The pair reel: original and restored side by side in one video, so that both halves are of one moment by nature.
 * Fires "picture" for each frame, "beyond" instead of a picture after the `last` that may be shown, and "ended".
 */
export class StackedSource extends EventTarget {
  picture = null;
  last = Infinity;

  constructor(video, rate) {
    super();
    this.rate = rate;
    this.reel = new Reel(video, rate);
    video.addEventListener("ended", () => this.dispatchEvent(new Event("ended")));
  }

  get videos() {
    return [this.reel.video];
  }

  start() {
    this.reel.watch((picture) => this.#become(picture));
  }

  /** Take what is shown now; the picture, or null. */
  take() {
    const picture = this.reel.take();
    if (picture) this.#become(picture);
    return picture;
  }

  /** Both sides of the picture: original and restored. */
  sides() {
    return this.picture && [half(this.picture, 0), half(this.picture, 1)];
  }

  get isSeeking() {
    return this.reel.video.seeking;
  }

  isAt(frame) {
    return this.picture?.frame === frame && this.reel.isAt(frame);
  }

  seek(frame, patience) {
    return this.reel.seek(frame, patience);
  }

  play(speed) {
    this.reel.video.playbackRate = speed;
    return this.reel.video.play();
  }

  pause() {
    this.reel.video.pause();
  }

  /** Which side is heard: both carry the recording's sound, so it is either or none. */
  hear(isOn) {
    this.reel.video.muted = !isOn;
  }

  #become(picture) {
    if (picture.frame > this.last) {
      picture.image.close?.();
      this.dispatchEvent(new Event("beyond"));
      return;
    }
    const previous = this.picture;
    this.picture = picture;
    if (previous?.image !== picture.image) previous?.image.close?.();
    this.dispatchEvent(new CustomEvent("picture", { detail: picture }));
  }
}
