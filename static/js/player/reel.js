import { frameOf, frameOfMicroseconds, mid } from "./rate.js";

/**
 * One video whose frames have names. One picture is taken per presented frame and its parts are cut from it; asking the
 * video twice could give two different frames. The picture is named by its own time stamp, not by the callback's.
 */
export class Reel {
  #scratch = null;

  constructor(video, rate) {
    this.video = video;
    this.rate = rate;
  }

  /** Call back with each picture as it is presented, and with when it is seen in milliseconds. */
  watch(act) {
    const next = (_, { mediaTime, expectedDisplayTime }) => {
      const picture = this.take(mediaTime);
      if (picture) act(picture, expectedDisplayTime);
      this.video.requestVideoFrameCallback(next);
    };
    this.video.requestVideoFrameCallback(next);
  }

  /** The picture the video shows now, or null. `mediaTime` serves where the browser has no VideoFrame. */
  take(mediaTime = this.video.currentTime) {
    if (this.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    return globalThis.VideoFrame ? this.#takeFrame() : this.#takeCopy(mediaTime);
  }

  isAt(frame) {
    const { num, den } = this.rate;
    return !this.video.seeking && Math.abs(this.video.currentTime - mid(frame, this.rate)) < (0.5 * den) / num;
  }

  /** Resolves when the video says that it is there, or has said nothing for too long. */
  async seek(frame, patience) {
    const seeked = once(this.video, "seeked", patience);
    this.video.currentTime = mid(frame, this.rate);
    await seeked;
  }

  /** Turning a video's picture into pixels costs more than drawing them, so it is done once and not for each drawing. */
  #takeFrame() {
    const shown = new VideoFrame(this.video);
    const { timestamp, displayWidth: width, displayHeight: height } = shown;
    this.#scratch ??= new OffscreenCanvas(width, height).getContext("2d", { alpha: false });
    this.#scratch.drawImage(shown, 0, 0);
    shown.close();
    return {
      image: this.#scratch.canvas.transferToImageBitmap(), frame: frameOfMicroseconds(timestamp, this.rate), width, height,
    };
  }

  #takeCopy(mediaTime) {
    const { videoWidth: width, videoHeight: height } = this.video;
    const image = Object.assign(document.createElement("canvas"), { width, height });
    image.getContext("2d").drawImage(this.video, 0, 0);
    return { image, frame: frameOf(mediaTime, this.rate), width, height };
  }
}

/** The left (0) or right (1) half of a pair reel's picture, as an image with the part of it that counts. */
export function half({ image, width, height }, index) {
  return { image, x: (index * width) / 2, y: 0, width: width / 2, height };
}

function once(target, name, patience) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patience);
    target.addEventListener(name, () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
