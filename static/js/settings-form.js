// Beside each setting stands what was recommended: a slider says its number, and what differs is marked at once.
for (const setting of document.querySelectorAll("[data-setting]")) {
  const field = setting.querySelector("input:not([type=hidden]), select");
  if (!field) continue;
  const readOut = setting.querySelector("[data-read-out]");
  const show = () => {
    if (readOut) readOut.value = Number(field.value).toFixed(2);
    setting.toggleAttribute("data-changed", differs(field, setting.dataset.recommended));
  };
  field.addEventListener("input", show);
  show();
}

function differs(field, recommended) {
  if (field.type === "checkbox") return field.checked !== (recommended === "on");
  if (field.type === "range" || field.type === "number") {
    return (field.value === "") !== (recommended === "") || Math.abs(Number(field.value) - Number(recommended)) > 1e-9;
  }
  return field.value !== recommended;
}
