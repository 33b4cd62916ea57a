// A proposal loses nothing on its way: numbers that the browser cannot read are said before they arrive as nothing at
// all, and what was sent while nobody was logged in any more can be brought back.
import { fill, keep, kept } from "./draft.js";
import { saysUnreadable } from "./unreadable.js";

const form = document.querySelector(".settings-form");
form.addEventListener("submit", (event) => {
  if (saysUnreadable(form)) event.preventDefault();
  else keep(form);
});

const offer = document.querySelector("[data-draft]");
const entries = kept();
if (offer && entries) {
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    fill(form, entries);
    offer.hidden = true;
  });
}

for (const section of form.querySelectorAll(".settings-section")) {
  const leftAlone = section.querySelector("[data-left-alone]");
  const fields = [...section.querySelectorAll("input, select")];
  if (leftAlone) section.addEventListener("input", () => { leftAlone.hidden = fields.some(isTouched); });
}

function isTouched(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  return field.value !== field.defaultValue;
}
