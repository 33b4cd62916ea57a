// A file goes up piece by piece; what has arrived is asked for first, so that nothing is sent twice.
const form = document.querySelector("[data-upload]");
const UNITS = ["B", "KB", "MB", "GB", "TB"];

const inWords = (bytes) => {
  const power = bytes > 0 ? Math.min(Math.floor(Math.log(bytes) / Math.log(1024)), UNITS.length - 1) : 0;
  return `${(bytes / 1024 ** power).toFixed(power > 1 ? 1 : 0)} ${UNITS[power]}`;
};

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

class Refused extends Error {
  constructor(answer) {
    super(answer.error);
    // What broke on the server's side leaves the bytes there: the upload can be gone on with.
    this.isOurs = Boolean(answer.reference);
    this.address = answer.address;
    this.door = answer.door;
  }
}

// A door in front of the server answers in its own words while the server is away.
const AWAY = [502, 503, 504];

const answerOf = async (response) => {
  if (response.status === 204) return {};
  if (response.headers.get("Content-Type")?.startsWith("application/json")) return response.json();
  if (AWAY.includes(response.status)) throw new Error(response.statusText);
  throw new Refused({ error: fill(form.dataset.saidStrange, { status: response.status }) });
};

const ask = async (address, options = {}) => {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const response = await fetch(address, { ...options, headers: { "X-CSRFToken": token, Accept: "application/json", ...options.headers } });
  const answer = await answerOf(response);
  if (response.ok || response.status === 409) return answer;
  throw new Refused(answer);
};

// Two files may have one name, one length and one date: the last bytes that came decide. Where the browser cannot
// tell (it computes digests on secure pages alone), nothing is taken for the same.
const holds = async (file, tail) => {
  if (!tail) return true;
  if (!crypto.subtle) return false;
  const digest = await crypto.subtle.digest("SHA-256", await file.slice(tail.first, tail.end).arrayBuffer());
  return tail.sha256 === [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const announce = async (file) => {
  const said = new FormData(form);
  said.delete("file");
  said.set("name", file.name);
  said.set("size", file.size);
  said.set("modified", file.lastModified);
  const found = await ask(form.dataset.begin, { method: "POST", body: said });
  if (await holds(file, found.tail)) return found;
  said.set("anew", "1");
  return ask(form.dataset.begin, { method: "POST", body: said });
};

const show = (sentence, file, done) => {
  const percent = Math.floor((100 * done) / file.size);
  form.querySelector("[data-sending]").hidden = false;
  form.querySelector("progress").value = percent;
  form.querySelector("[data-words]").textContent = fill(sentence, { done: inWords(done), total: inWords(file.size), percent });
};

const refuse = (error) => {
  const notice = document.createElement("p");
  notice.className = "notice error";
  notice.textContent = error.message;
  if (error.address) {
    const door = document.createElement("a");
    door.href = error.address;
    door.textContent = error.door;
    notice.append(" ", door);
  }
  form.querySelector("[data-refusal]").replaceChildren(notice);
  form.querySelector("[data-sending]").hidden = true;
};

let standing;

const send = async (file) => {
  const { saidSending: sending, saidStoring: storing } = form.dataset;
  standing = standing ? { ...standing, ...await ask(standing.address) } : await announce(file);
  while (standing.received < file.size) {
    show(sending, file, standing.received);
    const piece = file.slice(standing.received, standing.received + Number(form.dataset.pieceBytes));
    const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": String(standing.received) };
    standing.received = (await ask(standing.address, { method: "PATCH", body: piece, headers })).received;
  }
  show(storing, file, file.size);
  window.location.assign((await ask(standing.address, { method: "POST" })).address);
};

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [file] = form.querySelector("[type=file]").files;
  const button = form.querySelector("[type=submit]");
  form.querySelector("[data-refusal]").replaceChildren();
  button.disabled = true;
  try {
    await send(file);
  } catch (error) {
    if (error instanceof Refused) {
      if (!error.isOurs) standing = undefined;
      refuse(error);
    } else {
      show(form.dataset.saidBroken, file, standing?.received ?? 0);
      button.textContent = form.dataset.saidAgain;
    }
    button.disabled = false;
  }
});

const sayWhatIsChosen = () => {
  const [file] = form.querySelector("[type=file]").files;
  form.querySelector("[data-chosen]").textContent = file ? `${file.name} · ${inWords(file.size)}` : form.dataset.saidNone;
  standing = undefined;
};

form?.querySelector("[type=file]").addEventListener("change", sayWhatIsChosen);
if (form) sayWhatIsChosen();

// What stands belongs to the place it was begun for.
form?.addEventListener("change", () => {
  standing = undefined;
});

for (const button of document.querySelectorAll("[data-forget]")) {
  button.addEventListener("click", async () => {
    try {
      await ask(button.dataset.forget, { method: "DELETE" });
    } catch (error) {
      refuse(error instanceof Refused ? error : { message: form.dataset.saidAway });
      return;
    }
    const section = button.closest("section");
    button.closest("li").remove();
    if (!section.querySelector("li")) section.remove();
  });
}

const drop = form?.querySelector("[data-drop]");
for (const name of ["dragenter", "dragover"]) {
  drop?.addEventListener(name, (event) => {
    event.preventDefault();
    drop.dataset.over = "";
  });
}
drop?.addEventListener("dragleave", () => delete drop.dataset.over);
drop?.addEventListener("drop", (event) => {
  event.preventDefault();
  delete drop.dataset.over;
  form.querySelector("[type=file]").files = event.dataTransfer.files;
  sayWhatIsChosen();
});
