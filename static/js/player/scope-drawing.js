/* Each scope has 256 levels; nothing in them has colour but what the picture's numbers say. */
const SIZE = 256;
const LINE = "rgb(255 255 255 / .22)";
const INK = "rgb(255 255 255 / .62)";
// How bright a point is for each sample that falls on it, by its number.
const TRACE = Uint8ClampedArray.from({ length: 64 }, (_, count) => (count ? 70 + 34 * Math.sqrt(count) : 0));
const BARS = { R: [191, 0, 0], Mg: [191, 0, 191], B: [0, 0, 191], Cy: [0, 191, 191], G: [0, 191, 0], Yl: [191, 191, 0] };
const SKIN_DEGREES = 123;

/** Level over place: 0 % at the bottom, 100 % at the top, lines at each quarter. */
export function drawWaveform(canvas, luma, columns) {
  const counts = new Uint16Array(SIZE * SIZE);
  luma.forEach((level, at) => { counts[(255 - level) * SIZE + Math.floor(((at % columns) * SIZE) / columns)]++; });
  const context = trace(canvas, counts);
  for (const level of [0, 0.25, 0.5, 0.75, 1]) line(context, 0, 0.5 + level * 255, SIZE, 0.5 + level * 255);
}

/** How many samples have each level; returns the counts. */
export function drawHistogram(canvas, luma) {
  const counts = new Uint32Array(SIZE);
  for (const level of luma) counts[level]++;
  const context = trace(canvas, new Uint16Array(SIZE * SIZE));
  const most = Math.max(...counts.slice(1, 255), 1);
  context.fillStyle = INK;
  counts.forEach((count, level) => {
    const height = Math.min(SIZE, SIZE * Math.sqrt(count / most));
    context.fillRect(level, SIZE - height, 1, height);
  });
  for (const level of [64, 128, 192]) line(context, level + 0.5, 0, level + 0.5, SIZE);
  return counts;
}

/** Colour difference, Cb to the right and Cr upwards, with the six colours of 75 % bars and the line of skin. */
export function drawVectors(canvas, pixels, luma) {
  const counts = new Uint16Array(SIZE * SIZE);
  luma.forEach((level, at) => {
    const [x, y] = vector(pixels[4 * at], pixels[4 * at + 2], level);
    counts[y * SIZE + x]++;
  });
  const context = trace(canvas, counts);
  line(context, 128, 0, 128, SIZE);
  line(context, 0, 128, SIZE, 128);
  const angle = (SKIN_DEGREES * Math.PI) / 180;
  line(context, 128, 128, 128 + 120 * Math.cos(angle), 128 - 120 * Math.sin(angle));
  context.fillStyle = INK;
  context.font = "20px sans-serif";
  for (const [name, [red, green, blue]] of Object.entries(BARS)) {
    const [x, y] = vector(red, blue, 0.2126 * red + 0.7152 * green + 0.0722 * blue);
    context.strokeRect(x - 6.5, y - 6.5, 13, 13);
    context.fillText(name, x + (x > 128 ? 10 : -34), y + 6);
  }
}

/** Where a colour lies: Cb = (B′ − Y′) / 1.8556, Cr = (R′ − Y′) / 1.5748 (BT.709). */
function vector(red, blue, luma) {
  const place = (value) => Math.max(0, Math.min(255, Math.round(value)));
  return [place(128 + (blue - luma) / 1.8556), place(128 - (red - luma) / 1.5748)];
}

function trace(canvas, counts) {
  if (canvas.width !== SIZE || canvas.height !== SIZE) Object.assign(canvas, { width: SIZE, height: SIZE });
  const context = canvas.getContext("2d");
  const image = context.createImageData(SIZE, SIZE);
  const points = new Uint32Array(image.data.buffer);
  counts.forEach((count, at) => {
    const grey = TRACE[Math.min(TRACE.length - 1, count)];
    points[at] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
  });
  context.putImageData(image, 0, 0);
  context.strokeStyle = LINE;
  return context;
}

function line(context, x, y, toX, toY) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(toX, toY);
  context.stroke();
}
