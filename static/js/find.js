// Searching while one types: the address stays one that can be kept, and the results come without a new page.
const form = document.querySelector("form.find");
const input = form?.querySelector("input[type=search]");
const PAUSE_MS = 250;
let waiting;

const show = () => {
  const address = new URL(form.action);
  const asked = new FormData(form);
  for (const [name, value] of asked) {
    if (value) address.searchParams.set(name, value);
  }
  window.htmx.ajax("GET", address.pathname + address.search, {
    target: "#found", select: "#found", swap: "outerHTML",
  }).then(() => history.replaceState(null, "", address));
};

if (form && document.getElementById("found")) {
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE_MS);
  });
}

document.addEventListener("change", (event) => {
  event.target.closest("form[data-send-on-change]")?.submit();
});
