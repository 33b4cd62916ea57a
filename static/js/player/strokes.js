/**
 * Strokes on a picture: {tool, points} with points in shares of its width and height. White with a dark edge, so that
 * they are seen on every picture and colour none.
 */
const WIDTH = 3;
const HEAD = 14;

/** Paint them where the picture lies: a rectangle {x, y, width, height} in the context's own units. */
export function paintStrokes(context, strokes, picture, ratio = 1) {
  for (const [width, colour] of [[WIDTH + 2.5, "rgb(0 0 0 / .75)"], [WIDTH, "#fff"]]) {
    context.save();
    Object.assign(context, { lineWidth: width * ratio, strokeStyle: colour, fillStyle: colour,
      lineCap: "round", lineJoin: "round" });
    for (const stroke of strokes) SHAPES[stroke.tool](context, stroke.points.map(
      ([x, y]) => [picture.x + x * picture.width, picture.y + y * picture.height]), ratio);
    context.restore();
  }
}

const SHAPES = {
  pen(context, points, ratio) {
    if (points.length === 1) {
      context.beginPath();
      context.arc(...points[0], context.lineWidth / 2 + ratio, 0, 2 * Math.PI);
      context.fill();
    } else line(context, points);
  },
  box(context, [[x, y], [toX, toY]]) {
    context.strokeRect(x, y, toX - x, toY - y);
  },
  arrow(context, [[x, y], [toX, toY]], ratio) {
    const angle = Math.atan2(toY - y, toX - x);
    const side = (turn) => [toX - HEAD * ratio * Math.cos(angle + turn), toY - HEAD * ratio * Math.sin(angle + turn)];
    line(context, [[x, y], [toX, toY]]);
    line(context, [side(0.5), [toX, toY], side(-0.5)]);
  },
};

function line(context, points) {
  context.beginPath();
  points.forEach((point, index) => (index ? context.lineTo(...point) : context.moveTo(...point)));
  context.stroke();
}
