// A shot that is chosen says where the clip begins and ends; without this, both are typed.
const choice = document.querySelector("[data-shot]");
const first = document.querySelector("#id_first");
const last = document.querySelector("#id_last");

choice.closest("[data-shots]").hidden = false;
choice.addEventListener("change", () => {
  const shot = choice.selectedOptions[0].dataset;
  if (!shot.first) return;
  first.value = shot.first;
  last.value = shot.last;
});
for (const field of [first, last]) field.addEventListener("input", () => { choice.value = ""; });
