// Stills are decoded when they are asked for: until one is there its place says that it is on its way.
const unseen = (picture) => !picture.complete || !picture.naturalWidth;

function settle(picture, words) {
  delete picture.dataset.awaited;
  if (picture.naturalWidth) return;
  const said = document.createElement("span");
  said.className = "undecoded";
  said.textContent = words;
  picture.replaceWith(said);
}

for (const place of document.querySelectorAll("[data-undecoded]")) {
  for (const picture of [...place.querySelectorAll("img")].filter(unseen)) {
    if (picture.complete) {
      settle(picture, place.dataset.undecoded);
      continue;
    }
    picture.dataset.awaited = "";
    for (const end of ["load", "error"]) {
      picture.addEventListener(end, () => settle(picture, place.dataset.undecoded), { once: true });
    }
  }
}
