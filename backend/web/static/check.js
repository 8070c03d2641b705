// Says whether a file that the reader chooses is one of the documents on the page. Nothing is sent.
(() => {
  "use strict";
  // The browser hashes a file only as a whole, so that all of it must find room in its memory.
  const LARGEST = 100 * 1024 * 1024;
  const box = document.getElementById("check");
  const input = document.getElementById("check-file");
  const answer = document.getElementById("check-answer");

  const say = (kind, values = {}) => {
    answer.textContent = answer.dataset[kind].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };

  const sha256 = async (file) => {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const check = async () => {
    const file = input.files[0];
    if (!file) return;
    if (file.size > LARGEST) return say("large");
    say("busy");
    try {
      const hash = await sha256(file);
      // Meanwhile another one may have been chosen.
      if (input.files[0] !== file) return;
      const paper = document.querySelector(`[data-sha256="${hash}"]`);
      say(paper ? "found" : "none", { hash, name: paper && paper.firstElementChild.textContent });
    } catch {
      if (input.files[0] === file) say("unreadable");
    }
  };

  // The server has answered already where a fingerprint was entered.
  const answered = answer.textContent !== "";
  if (!window.isSecureContext) {
    if (!answered) say("insecure");
    return;
  }
  box.querySelector(".choose").hidden = false;
  box.querySelector("details").open = answered;
  input.addEventListener("change", check);
})();
