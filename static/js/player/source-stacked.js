import { frameOf, frameOfMicroseconds } from "./rate.js";

/**
 * The pair reel: original and restored side by side in one video, so that both halves are of one moment by nature.
 *
 * One picture is taken per presented frame and both halves are cut from it; asking the video twice could give two
 * different frames. The picture is named by its own time stamp, not by the callback's. Fires "picture" for each.
 */
export class StackedSource extends EventTarget {
  picture = null;
  #scratch = null;

  constructor(video, rate) {
    super();
    this.video = video;
    this.rate = rate;
  }

  start() {
    const next = (_, metadata) => {
      this.take(metadata.mediaTime);
      this.video.requestVideoFrameCallback(next);
    };
    this.video.requestVideoFrameCallback(next);
  }

  /** Take the picture the video shows now. `mediaTime` serves where the browser has no VideoFrame. */
  take(mediaTime = this.video.currentTime) {
    if (this.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    const previous = this.picture;
    this.picture = globalThis.VideoFrame ? this.#takeFrame() : this.#takeCopy(mediaTime);
    previous?.image.close?.();
    this.dispatchEvent(new CustomEvent("picture", { detail: this.picture }));
    return this.picture;
  }

  /** The two halves of the picture, each an image with the part of it that counts. */
  halves() {
    if (!this.picture) return null;
    const { image, width, height } = this.picture;
    const half = width / 2;
    return [0, half].map((x) => ({ image, x, y: 0, width: half, height }));
  }

  #takeFrame() {
    const image = new VideoFrame(this.video);
    const frame = frameOfMicroseconds(image.timestamp, this.rate);
    return { image, frame, width: image.displayWidth, height: image.displayHeight };
  }

  #takeCopy(mediaTime) {
    const { videoWidth: width, videoHeight: height } = this.video;
    this.#scratch ??= Object.assign(document.createElement("canvas"), { width, height });
    this.#scratch.getContext("2d").drawImage(this.video, 0, 0);
    return { image: this.#scratch, frame: frameOf(mediaTime, this.rate), width, height };
  }
}
