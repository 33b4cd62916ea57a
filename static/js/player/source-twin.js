import { Reel, half } from "./reel.js";

const KEPT = 6;
const SERVO = { gain: 0.08, slower: 0.2, faster: 0.25, deadZone: 0.15, tooFar: 6, memory: 0.8 };

/**
 * Two versions: the restored half of each one's pair reel. Two videos never play in step, so pictures of both wait for
 * each other, and only a pair of one frame is ever shown; meanwhile the one that is not heard is led by the other.
 * Fires "picture" for each pair, "beyond" instead of one after the `last` that may be shown, and "ended".
 */
export class TwinSource extends EventTarget {
  picture = null;
  last = Infinity;
  #waiting = [new Map(), new Map()];
  #seen = [null, null];
  #error = 0;
  #speed = 0;
  #leader = 1;

  constructor(videos, rate) {
    super();
    this.rate = rate;
    this.videos = videos;
    this.reels = videos.map((video) => new Reel(video, rate));
    for (const video of videos) video.addEventListener("ended", () => this.dispatchEvent(new Event("ended")));
  }

  start() {
    this.reels.forEach((reel, side) => reel.watch((picture, at) => {
      this.#seen[side] = { frame: picture.frame, at };
      this.#arrive(side, picture);
      if (this.#speed && side !== this.#leader) this.#follow();
    }));
  }

  /** Take what both show now; the pair where it is of one frame. */
  take() {
    this.reels.forEach((reel, side) => {
      const picture = reel.take();
      if (picture) this.#arrive(side, picture);
    });
    return this.picture;
  }

  sides() {
    return this.picture && this.picture.pair.map((picture) => half(picture, 1));
  }

  get isSeeking() {
    return this.videos.some((video) => video.seeking);
  }

  isAt(frame) {
    return this.picture?.frame === frame && this.reels.every((reel) => reel.isAt(frame));
  }

  async seek(frame, patience) {
    await Promise.all(this.reels.map((reel) => reel.seek(frame, patience)));
  }

  async play(speed) {
    this.#speed = speed;
    this.#error = 0;
    this.#seen = [null, null];
    for (const video of this.videos) video.playbackRate = speed;
    await Promise.all(this.videos.map((video) => video.play()));
  }

  pause() {
    this.#speed = 0;
    for (const video of this.videos) video.pause();
  }

  /** Hear the side's recording, or none of both. Who is heard leads: sound must not be stretched. */
  hear(isOn, side = 1) {
    this.#leader = side;
    this.videos.forEach((video, index) => { video.muted = !isOn || index !== side; });
  }

  #arrive(side, picture) {
    if (picture.frame > this.last) {
      picture.image.close?.();
      // Who follows may be ahead; the last pair is shown when the leader is there.
      if (side === this.#leader) this.dispatchEvent(new Event("beyond"));
      return;
    }
    const mine = this.#waiting[side];
    mine.get(picture.frame)?.image.close?.();
    mine.set(picture.frame, picture);
    if (mine.size > KEPT) this.#forget(mine, mine.keys().next().value);
    if (this.#waiting[1 - side].has(picture.frame)) this.#show(picture.frame);
  }

  #show(frame) {
    const previous = this.picture;
    const pair = this.#waiting.map((waiting) => waiting.get(frame));
    for (const waiting of this.#waiting) {
      waiting.delete(frame);
      for (const earlier of [...waiting.keys()].filter((each) => each < frame)) this.#forget(waiting, earlier);
    }
    this.picture = { frame, pair };
    for (const { image } of previous?.pair ?? []) image.close?.();
    this.dispatchEvent(new CustomEvent("picture", { detail: this.picture }));
  }

  #forget(waiting, frame) {
    waiting.get(frame).image.close?.();
    waiting.delete(frame);
  }

  /** Bring the follower to the leader's frame by its speed; by a leap only when it is far off. */
  #follow() {
    const [leader, follower] = [this.#seen[this.#leader], this.#seen[1 - this.#leader]];
    if (!leader || !follower) return;
    const perMs = ((this.rate.num / this.rate.den) * this.#speed) / 1000;
    const now = leader.frame - follower.frame + (follower.at - leader.at) * perMs;
    this.#error = SERVO.memory * this.#error + (1 - SERVO.memory) * now;
    const video = this.videos[1 - this.#leader];
    if (Math.abs(now) > SERVO.tooFar) {
      video.currentTime = this.videos[this.#leader].currentTime;
      this.#error = 0;
    }
    const wanted = Math.abs(this.#error) < SERVO.deadZone ? 0 : SERVO.gain * this.#error;
    video.playbackRate = this.#speed * (1 + Math.max(-SERVO.slower, Math.min(SERVO.faster, wanted)));
  }
}
