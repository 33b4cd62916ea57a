import { frameNamed } from "./rate.js";

/** The field that takes a timecode or a frame number. What it does not know stays in it, and is said. */
export function listenToGoTo(room) {
  const form = room.find("goto");
  const field = form.querySelector("input");
  const complaint = room.find("no-frame");
  const complain = (isWrong) => {
    complaint.hidden = !isWrong;
    field.setAttribute("aria-invalid", isWrong);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const frame = frameNamed(field.value, room.timecode(room.frame), room.facts);
    complain(frame === null);
    if (frame === null) return;
    room.goTo(frame);
    field.value = "";
    field.blur();
  });
  field.addEventListener("input", () => complain(false));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    complain(false);
    field.value = "";
    field.blur();
  });
}
