const MARGIN = 0.03;

/**
 * Make room for a drawing that belongs to one side ("a" or "b"): the line of the wipe goes beyond it, and what is
 * flicked turns to its side. Whoever is led to a drawing, or has just made it, sees the whole of it.
 */
export function reveal({ look, stage }, side, strokes) {
  const points = strokes.flatMap((stroke) => stroke.points);
  if (!points.length || !["a", "b"].includes(side)) return;
  if (look.mode === "flick" && !look.isFlicking) look.change({ side: side === "a" ? 0 : 1 });
  if (look.mode !== "wipe") return;
  const { seen } = stage;
  const along = look.isHorizontal ? points.map(([, y]) => (y - seen.y) / seen.height)
    : points.map(([x]) => (x - seen.x) / seen.width);
  const isFirst = (side === "a") !== look.isSwapped;
  const to = isFirst ? Math.max(look.wipe, Math.max(...along) + MARGIN) : Math.min(look.wipe, Math.min(...along) - MARGIN);
  if (to !== look.wipe) stage.moveWipe(to);
}
