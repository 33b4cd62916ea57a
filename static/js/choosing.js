// The browser's own chooser speaks the browser's language; ours speaks the reader's and says what was chosen.
for (const field of document.querySelectorAll("[data-choosing]")) {
  const said = field.querySelector("[data-chosen]");
  const none = said.textContent;
  const input = field.querySelector("input[type=file]");
  const tell = () => { said.textContent = input.files[0]?.name ?? none; };
  input.addEventListener("change", tell);
  tell();
}
