// What has to be corrected before a look is listed by its answer: it is marked where it stands until the next answer.
import { saysUnreadable } from "./unreadable.js";

const form = document.querySelector(".sliders");
const settingOf = (field) => field.closest("[data-setting]");
const errorOf = (field) => `${field.id}_error`;

function clear() {
  for (const told of form.querySelectorAll("[data-setting] > .wrong")) told.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    describe(field, describing(field).filter((id) => id !== errorOf(field)));
  }
}

function mark(field, words) {
  const told = document.createElement("p");
  told.className = "wrong";
  told.id = errorOf(field);
  told.textContent = words;
  settingOf(field).insertBefore(told, settingOf(field).querySelector(":scope > .changed-mark"));
  field.setAttribute("aria-invalid", "true");
  describe(field, [...describing(field), told.id]);
  field.closest("details")?.setAttribute("open", "");
}

function describing(field) {
  return (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
}

function describe(field, ids) {
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
}

/** What is told of each field, in the order in which this page has them. */
function listed() {
  const told = [...form.querySelectorAll("[data-wrong]")].map((link) => (
    { link, field: document.getElementById(link.hash.slice(1)) }));
  const isBefore = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  return told.sort((one, other) => (isBefore(one.field, other.field) ? -1 : 1));
}

form.addEventListener("htmx:beforeRequest", (event) => {
  if (saysUnreadable(form)) event.preventDefault();
});
form.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful) return;
  clear();
  const wrong = listed();
  for (const { link, field } of wrong) {
    mark(field, link.dataset.wrong);
    link.closest("ul").append(link.parentElement);
  }
  if (!wrong.length) return;
  wrong[0].field.focus({ preventScroll: true });
  settingOf(wrong[0].field).scrollIntoView({ block: "nearest" });
});
