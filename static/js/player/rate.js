/**
 * Frames and time in whole numbers. A rate is {num, den}, exactly as the server wrote it; a rounded frame duration
 * drifts away from the picture within seconds, so none is ever made.
 */

export function parseRate(text) {
  const [num, den] = String(text).split("/").map(Number);
  return { num, den: den || 1 };
}

/** Frames per second as timecode counts them: 30 for 30000/1001. */
export const nominal = (rate) => Math.round(rate.num / rate.den);

/** Where to seek for a frame: its middle, because its first instant may still belong to the frame before. */
export const mid = (frame, rate) => ((frame + 0.5) * rate.den) / rate.num;

/** The frame a time stamp in seconds names. Rounded, never floored: stamps lie a hair below the exact time. */
export const frameOf = (seconds, rate) => Math.round((seconds * rate.num) / rate.den);

/** The frame that `VideoFrame.timestamp` names, which counts microseconds. */
export const frameOfMicroseconds = (stamp, rate) => Math.round((stamp * rate.num) / (rate.den * 1e6));

/** SMPTE timecode of a frame, counted on from the frame number `start`. */
export function timecode(frame, rate, start = 0, isDropFrame = false) {
  const fps = nominal(rate);
  let count = frame + start;
  if (isDropFrame) count += droppedBefore(count, fps);
  const seconds = Math.floor(count / fps);
  const [hours, minutes] = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  return `${two(hours)}:${two(minutes)}:${two(seconds % 60)}${isDropFrame ? ";" : ":"}${two(count % fps)}`;
}

const two = (number) => (number < 10 ? `0${number}` : `${number}`);

/** How many labels drop-frame timecode has skipped when `count` frames have gone by. */
function droppedBefore(count, fps) {
  const dropped = fps / 15;
  const inTenMinutes = fps * 600 - 9 * dropped;
  const inOneMinute = fps * 60 - dropped;
  const rest = count % inTenMinutes;
  const inThisTen = rest >= dropped ? dropped * Math.floor((rest - dropped) / inOneMinute) : 0;
  return 9 * dropped * Math.floor(count / inTenMinutes) + inThisTen;
}

export const isDropFrameLabel = (label) => /[;.]/.test(label);

/** The frame number that a timecode label stands for. The inverse of `timecode`. */
export function frameOfTimecode(label, rate) {
  const fps = nominal(rate);
  const [hours, minutes, seconds, frames] = label.split(/[:;.]/).map(Number);
  const allMinutes = hours * 60 + minutes;
  const count = (allMinutes * 60 + seconds) * fps + frames;
  return isDropFrameLabel(label) ? count - (fps / 15) * (allMinutes - Math.floor(allMinutes / 10)) : count;
}

/**
 * The frame of the reel that a text names, or null. A whole number is a frame; anything with colons is a timecode, of
 * which the left parts may be left out: they are then those of the label `here`.
 */
export function frameNamed(text, here, { rate, start, isDropFrame, frames }) {
  const typed = text.trim();
  const inside = (frame) => (frame >= 0 && frame < frames ? frame : null);
  if (/^\d+$/.test(typed)) return inside(Number(typed));
  if (!/^\d{1,2}([:;.,]\d{1,3}){1,3}$/.test(typed)) return null;
  const parts = typed.split(/[:;.,]/).map((part) => part.padStart(2, "0"));
  const all = [...here.split(/[:;]/).slice(0, 4 - parts.length), ...parts];
  const label = `${all.slice(0, 3).join(":")}${isDropFrame ? ";" : ":"}${all[3]}`;
  const day = frameOfTimecode(`24:00:00${isDropFrame ? ";" : ":"}00`, rate);
  const frame = (frameOfTimecode(label, rate) - start + day) % day;
  // A label that reads back as another does not exist: too many seconds or frames, or one that drop-frame skips.
  return timecode(frame, rate, start, isDropFrame) === label ? inside(frame) : null;
}
