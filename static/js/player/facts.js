import { frameOfTimecode, isDropFrameLabel, parseRate } from "./rate.js";

/** What the server says of the reel: its rate, frames, shots, first timecode, raster, addresses. Nothing here changes. */
export function factsOf(given) {
  const rate = parseRate(given.rate);
  const label = given.start_timecode;
  return Object.freeze({
    rate,
    frames: given.frames,
    shots: given.shots,
    start: label ? frameOfTimecode(label, rate) : 0,
    isDropFrame: label ? isDropFrameLabel(label) : false,
    width: given.width,
    height: given.height,
    still: given.still,
    changed: given.changed,
    // Versions that can stand in the original's place: {pk, name, reel, still}.
    others: given.others,
  });
}
