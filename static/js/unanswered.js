// What was asked without leaving the page and got no answer, or a bad one, is said; it goes with the next good answer.
const place = document.querySelector("[data-unanswered]");

function say(kind, words = place.dataset[kind]) {
  place.textContent = words;
  place.hidden = false;
}

function saysReference(answer) {
  try {
    return JSON.parse(answer).error;
  } catch {
    return undefined;
  }
}

for (const lost of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(lost, ({ detail }) => say(detail.requestConfig.verb === "get" ? "stale" : "undone"));
}
document.body.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  if (xhr.status >= 500) say("broken", saysReference(xhr.responseText));
  else say("refused");
});
document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) place.hidden = true;
});
