"""Asks the canvas of the review room which frames it shows, on reels whose pictures carry their own numbers."""

from typing import Any

from playwright.sync_api import Page

from tests.restoration.views.barcode import BITS

# `wrong()` says what is wrong with what was drawn, or null: both sides must show the room's own frame. Where the sides
# are mixed, equal bars leave nothing of the difference and stay black or white in the blend.
READER = """
async (bits) => {
  const { entered } = await import('/static/js/player/enter.js');
  window.room = await entered;
  const canvas = document.querySelector('[data-canvas]');
  const context = canvas.getContext('2d');
  const barsOf = ({ picture: { x, y, width, height } }) => {
    const line = context.getImageData(x, y + height / 4, width, 1).data;
    return Array.from({ length: bits }, (_, bit) => line[4 * Math.floor((bit + 0.5) * width / bits)]);
  };
  const numberIn = (bars) => (bars.some((bar) => bar > 70 && bar < 185) ? 'unclear'
    : bars.reduce((number, bar) => 2 * number + (bar > 127 ? 1 : 0), 0));
  const limits = { difference: 100, changed: 200 };
  window.wrong = () => {
    const { look: { mode }, frame } = room;
    const all = room.places().map(barsOf);
    if (mode in limits) return all[0].every((bar) => bar < limits[mode]) ? null : [mode, frame, all[0]];
    const numbers = all.map(numberIn);
    return numbers.every((number) => number === frame) ? null : [mode, frame, numbers];
  };
}
"""
SEEKS = """
async (frames) => {
  const wrong = [], times = [];
  for (const frame of frames) {
    const began = performance.now();
    // A room that says it could not verify the frame on a busy machine is asked again: it is slow, not wrong.
    do await room.goTo(frame); while (room.frame !== frame && performance.now() - began < 20000);
    times.push(performance.now() - began);
    const found = room.frame === frame ? window.wrong() : ['seek', frame, room.frame];
    if (found) wrong.push(found);
  }
  return { wrong, times };
}
"""
# Plays in each mode for so long, over and over, and looks at whatever is drawn.
PLAYS = """
async ([modes, ms]) => {
  const told = {};
  let frames, wrong, drawn, last;
  room.addEventListener('drawn', () => {
    frames.add(room.frame);
    if (room.frame !== last) drawn += 1;
    last = room.frame;
    const found = window.wrong();
    if (found) wrong.push(found);
  });
  if (!room.loop.isOn) room.loop.toggle();
  for (const mode of modes) {
    frames = new Set(), wrong = [], drawn = 0;
    room.look.setMode(mode);
    if (mode === 'flick') room.look.flick(true);
    await room.goTo(0);
    await room.play();
    await new Promise((done) => setTimeout(done, ms));
    await room.pause();
    told[mode] = { frames: frames.size, drawn, wrong };
  }
  return told;
}
"""
MODES = ["wipe", "side", "flick", "blend", "difference", "changed"]


def read(page: Page) -> None:
    """Make the page able to answer; the room must have been entered. There are no masters to decode stills from."""
    page.route("**/still/*", lambda route: route.abort())
    page.wait_for_selector("[data-review-room][data-ready]")
    page.evaluate(READER, BITS)


def seeks(page: Page, frames: list[int]) -> Any:
    return page.evaluate(SEEKS, frames)


def plays(page: Page, seconds: float) -> Any:
    return page.evaluate(PLAYS, [MODES, 1000 * seconds])
