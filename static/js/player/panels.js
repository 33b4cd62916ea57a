/**
 * What stands beside the picture, one panel at a time: buttons with data-shows name the element with that data-panel.
 * Without a script all of them are there, one under the other.
 */
const switches = document.querySelector("[data-panels]");
const panels = () => document.querySelectorAll("[data-panel]");

export function showPanel(name) {
  for (const panel of panels()) panel.hidden = panel.dataset.panel !== name;
  for (const button of switches.querySelectorAll("[data-shows]")) {
    button.setAttribute("aria-pressed", button.dataset.shows === name);
  }
}

export const isPanelShown = (name) => !document.querySelector(`[data-panel="${name}"]`).hidden;

if (switches && panels().length > 1) {
  switches.hidden = false;
  switches.addEventListener("click", (event) => {
    const button = event.target.closest("[data-shows]");
    if (button) showPanel(button.dataset.shows);
  });
  showPanel(/^#note/.test(location.hash) ? "notes" : "decision");
}
