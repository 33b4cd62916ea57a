// The filmstrip is a way through the recording: it shows where the player is, and takes it elsewhere.
const SILENCE = 0.005;

const drawWaveform = async (figure) => {
  const answer = await fetch(figure.dataset.waveform);
  if (!answer.ok) return;
  const { path, peaks, width, height } = await answer.json();
  if (Math.max(...peaks) < SILENCE) return;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  const outline = document.createElementNS("http://www.w3.org/2000/svg", "path");
  outline.setAttribute("d", path);
  svg.append(outline);
  figure.querySelector(".waveform").replaceChildren(svg);
};

const bindStrip = (video, strip) => {
  const ready = () => {
    strip.max = video.duration;
    strip.disabled = false;
  };
  video.addEventListener("loadedmetadata", ready);
  if (video.readyState >= 1) ready();
  video.addEventListener("timeupdate", () => {
    strip.value = video.currentTime;
  });
  strip.addEventListener("input", () => {
    video.currentTime = Number(strip.value);
  });
};

for (const figure of document.querySelectorAll("[data-picture]")) {
  const video = figure.querySelector("video");
  if (video) {
    bindStrip(video, figure.querySelector(".strip input"));
    if (figure.dataset.waveform) drawWaveform(figure);
  }
}
