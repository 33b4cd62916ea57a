import { ChangedAreas } from "./changed.js";
import { Clock } from "./clock.js";
import { Deck } from "./deck.js";
import { Legend } from "./legend.js";
import { Look } from "./look.js";
import { Loop } from "./loop.js";
import { Loupe } from "./loupe.js";
import { Scopes } from "./scopes.js";
import { StackedSource } from "./source-stacked.js";
import { TwinSource } from "./source-twin.js";
import { Stage } from "./stage.js";
import { ExactStills } from "./stills.js";
import { Transport } from "./transport.js";
import { Viewport } from "./viewport.js";

/** Everything a room is made of, put together; `state` is what the address says. */
export function partsOf(room, state) {
  const { facts, find } = room;
  const other = facts.others.find(({ pk }) => pk === state.other) ?? null;
  const look = new Look(state);
  const viewport = Object.assign(new Viewport(facts.width, facts.height), { zoom: state.zoom, centre: state.centre });
  const source = other ? new TwinSource([addReel(find("reel"), other.reel), find("reel")], facts.rate)
    : new StackedSource(find("reel"), facts.rate);
  const clock = new Clock(source, facts.frames);
  const loop = new Loop(facts.frames, state.loop);
  const transport = new Transport(clock, facts.shots, loop);
  const areas = new ChangedAreas(facts.changed);
  const stage = new Stage(
    { canvas: find("canvas"), handle: find("wipe"), tags: ["a", "b", "mode"].map((name) => find(`tag='${name}'`)) },
    viewport, look, { sides: () => room.sides, areas: () => areas.areas, isMoving: () => transport.isPlaying });
  return {
    other, look, viewport, source, clock, loop, transport, areas, stage,
    stills: new ExactStills([
      other ? `${other.still}?side=b` : `${facts.still}?side=a`, `${facts.still}?side=b`]),
    deck: new Deck(find("deck"), facts, transport, loop),
    legend: new Legend(find("legend"), areas),
    loupe: new Loupe(find("loupe"), { raster: facts, sides: () => room.sides, gain: () => look.gain }),
    scopes: new Scopes(find("scopes"), { sides: () => room.sides, seen: () => stage.seen }),
  };
}

/** A second reel beside the one that is on the page. */
function addReel(beside, address) {
  const video = beside.cloneNode();
  video.src = address;
  video.dataset.reel = "other";
  beside.before(video);
  return video;
}
