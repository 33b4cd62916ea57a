// The line between original and restored follows the slider that lies over the picture; without both there is none.
for (const sides of document.querySelectorAll("[data-before-after]")) {
  const slider = sides.querySelector("input");
  const images = [...sides.querySelectorAll("img")];
  const giveUp = () => sides.toggleAttribute("data-broken", true);
  for (const image of images) image.addEventListener("error", giveUp);
  if (images.some((image) => image.complete && !image.naturalWidth)) giveUp();
  slider.hidden = false;
  slider.addEventListener("input", () => sides.style.setProperty("--at", `${slider.value}%`));
}
