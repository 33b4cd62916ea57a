// The line between original and restored follows the slider that lies over the picture.
for (const sides of document.querySelectorAll("[data-before-after]")) {
  const slider = sides.querySelector("input");
  slider.hidden = false;
  slider.addEventListener("input", () => sides.style.setProperty("--at", `${slider.value}%`));
}
