/**
 * The keyboard. The overlay on the page is the map itself: each row carries its command and its keys, so what is shown
 * and what works cannot differ. A key is written as in `KeyboardEvent.key`, after "Shift+" or "Ctrl+" where needed.
 */
export function listenToKeys(overlay, commands) {
  const map = new Map();
  for (const row of overlay.querySelectorAll("[data-command]")) {
    for (const key of row.dataset.keys.split(" ")) map.set(key, row.dataset.command);
  }
  const find = (event) => commands[map.get(nameOf(event))];
  document.addEventListener("keydown", (event) => {
    if (isTyping(event) || document.querySelector("dialog[open]")) return;
    const command = find(event);
    if (!command) return;
    event.preventDefault();
    if (!event.repeat || command.repeats) command.press(event);
  });
  document.addEventListener("keyup", (event) => find(event)?.release?.(event));
}

function nameOf(event) {
  const key = event.key === " " ? "Space" : event.key;
  const letter = key.length === 1 ? key.toLowerCase() : key;
  // Shift already shows in a printed sign such as "?"; with an arrow or a letter it is a modifier.
  const isShifted = event.shiftKey && (key.length > 1 || /[a-z]/i.test(key));
  return `${event.ctrlKey ? "Ctrl+" : ""}${isShifted ? "Shift+" : ""}${letter}`;
}

function isTyping(event) {
  if (event.altKey || event.metaKey) return true;
  const { target } = event;
  if (target.matches("textarea, select, [contenteditable], input:not([type=range], [type=checkbox])")) return true;
  // Buttons and links answer to Space and Enter themselves, the line of the wipe to the arrows. The position does not:
  // arrows step frames and shots there as everywhere.
  if (target.matches("button, a, summary, input[type=checkbox]")) return event.key === " " || event.key === "Enter";
  return target.matches("[role=slider], [data-takes-arrows]") && /^(Arrow|Home|End|Page)/.test(event.key);
}
