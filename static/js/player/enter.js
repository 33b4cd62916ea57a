import { commandsOf } from "./commands.js";
import { Room } from "./room.js";
import { wire } from "./wiring.js";

/**
 * The room, once its first frame is shown; null where the reel cannot be played. Whoever adds something to the page
 * asks for it here: `const room = await entered`.
 */
export const entered = enter(document.querySelector("[data-review-room]"));

async function enter(element) {
  try {
    const room = new Room(element);
    await Promise.all(room.source.videos.map(firstPicture));
    room.source.start();
    Object.assign(room.commands, commandsOf(room));
    wire(room);
    await room.clock.show(room.firstFrame);
    element.dataset.ready = "";
    return room;
  } catch (error) {
    console.error(error);
    giveUp(element);
    return null;
  }
}

function firstPicture(video) {
  return new Promise((resolve, reject) => {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) resolve();
    video.addEventListener("loadeddata", resolve, { once: true });
    video.addEventListener("error", reject, { once: true });
    if (video.error) reject(video.error);
  });
}

/** Where the reel cannot be decoded, the server's still pair takes its place: no decision depends on a codec. */
function giveUp(element) {
  element.dataset.failed = "";
  const template = document.querySelector("[data-still-pair]");
  element.querySelector("[data-view]").replaceChildren(template.content.cloneNode(true));
}
