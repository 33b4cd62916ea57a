// Stills are decoded when they are asked for: until one is there its place says that it is on its way.
const sheet = document.querySelector("[data-undecoded]");

function settle(picture) {
  delete picture.dataset.awaited;
  if (picture.naturalWidth) return;
  const words = document.createElement("p");
  words.className = "contact-undecoded";
  words.textContent = sheet.dataset.undecoded;
  picture.replaceWith(words);
}

for (const picture of sheet.querySelectorAll("img")) {
  if (picture.complete && picture.naturalWidth) continue;
  picture.dataset.awaited = "";
  for (const end of ["load", "error"]) picture.addEventListener(end, () => settle(picture), { once: true });
}
