// Keeps a page up to date: when the feed tells of something that it is about, the page is asked for
// again, and the parts of it that changed take the place of the old ones.
(() => {
  const { body } = document;
  const about = document.querySelector("main").dataset.live;
  if (about === undefined || !body.dataset.feed) return;

  const parts = (root) => [...root.querySelectorAll("[data-live]")];
  const proofs = (root) => [...root.querySelectorAll(".payments a.mark")];
  const key = (details) =>
    details.closest("tr")?.querySelector(".mark")?.pathname + details.firstElementChild.textContent;
  const drawn = parts(document).map((part) => part.cloneNode(true));
  const first = new Set(proofs(document).map((proof) => proof.pathname));
  const told = new Set(first);
  let cursor = body.dataset.feed, source, timer, busy = false, again = false;

  function mark(root) {
    for (const proof of proofs(root)) {
      if (first.has(proof.pathname)) continue;
      const word = document.createElement("strong");
      word.className = "new";
      word.textContent = body.dataset.new;
      proof.closest("tr").cells[0].append(" ", word);
      if (!told.has(proof.pathname)) document.getElementById("told").textContent = body.dataset.told;
      told.add(proof.pathname);
    }
  }

  // False where the reader is writing.
  function swap(old, fresh) {
    const held = old.contains(document.activeElement) && document.activeElement;
    if (held && held.matches("input, select")) return false;
    const next = document.importNode(fresh, true);
    const open = new Set([...old.querySelectorAll("details[open]")].map(key));
    for (const details of next.querySelectorAll("details")) details.open = open.has(key(details));
    const same = held && [...next.querySelectorAll(held.tagName)].find((each) => each.isEqualNode(held));
    mark(next);
    old.replaceWith(next);
    if (same) same.focus({ preventScroll: true });
    return true;
  }

  function renew(page) {
    const fresh = parts(page);
    parts(document).forEach((part, i) => {
      const [was, now] = [drawn[i], fresh[i]];
      if (!now) return;
      if (was.childElementCount !== now.childElementCount) {
        if (swap(part, now)) drawn[i] = now;
        return;
      }
      [...now.children].forEach((child, k) => {
        const before = was.children[k];
        if (!before.isEqualNode(child) && swap(part.children[k], child)) before.replaceWith(child);
      });
    });
  }

  async function refresh() {
    timer = 0;
    busy = true;
    again = false;
    try {
      const answer = await fetch(location.href);
      if (answer.ok) renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // Away; the next item tries again.
    }
    busy = false;
    if (again) later(1000);
  }

  function later(pause) {
    if (busy) again = true;
    else timer ||= setTimeout(refresh, pause);
  }

  function listen() {
    if (source || document.hidden) return;
    source = new EventSource(`/api/v1/feed?after=${cursor}`);
    source.onmessage = ({ data, lastEventId }) => {
      cursor = lastEventId;
      if (!about || JSON.parse(data).agreement === about) later(50);
    };
    source.onerror = () => {
      // Refused: asked again when the page is next looked at.
      if (source?.readyState === EventSource.CLOSED) source = null;
    };
  }

  function leave() {
    source?.close();
    source = null;
  }

  addEventListener("pageshow", listen);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
})();
