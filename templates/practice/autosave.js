// Saves what is typed while it is typed, and shows how it is read. The texts that it shows stand in `texts`.

const TYPING_PAUSE = 250; // milliseconds after the last key
const RETRY = 2000; // milliseconds until what could not be saved is sent again

const attemptForm = document.querySelector("form.attempt");
const closest = (element, selector) => (element instanceof Element ? element.closest(selector) : null);
const partOf = (name) => (name.includes("/") ? name.split("/")[0] : null);

// ------------------------------------------------------------------------------- what is not saved yet

const unsaved = new Map(); // parts in which something was typed since they were saved, with the number of changes
let pressed = null; // the part whose button sends the form

function markUnsaved(part) {
  unsaved.set(part, (unsaved.get(part) ?? 0) + 1);
}

// Of the other parts nothing is sent: another tab may have saved something newer.
attemptForm?.addEventListener("formdata", ({ formData }) => {
  for (const name of new Set(formData.keys())) {
    const part = partOf(name);
    if (part !== null && part !== pressed && !unsaved.has(part)) formData.delete(name);
  }
});

// The fields to send: of a button of a part, that part's too.
function fieldsToSend(part = null) {
  pressed = part;
  try {
    return new URLSearchParams(new FormData(attemptForm));
  } finally {
    pressed = null;
  }
}

function isSaved(sent) {
  for (const [part, count] of sent) if (unsaved.get(part) === count) unsaved.delete(part);
}

function reasonOf(status) {
  if (status === 404) return texts.attemptGone;
  if (status === 413) return texts.tooLong;
  if (status === 400) return texts.outOfDate;
  return texts.cannotSave;
}

function addressOf(part, piece) {
  return `${attemptForm.getAttribute("action")}/parts/${encodeURIComponent(part)}/${piece}`;
}

let queue = Promise.resolve();

// One request after the other: none that was sent before can reach the program after what was typed since.
function inTurn(work) {
  const done = queue.then(work);
  queue = done.catch(() => {});
  return done;
}

const newest = new Map(); // of requests for the same piece, the one that is made when its turn comes

// Save what is typed, and return a piece of the part's page; null if there is no response, or a newer request.
function save(part, piece, options = {}) {
  const place = addressOf(part, piece);
  const request = Symbol(place);
  newest.set(place, request);
  return inTurn(async () => {
    if (newest.get(place) !== request) return null;
    const sent = new Map(unsaved);
    try {
      const response = await fetch(place, { method: "POST", body: fieldsToSend(), ...options });
      if (!response.ok) {
        complain(part, reasonOf(response.status));
        if (response.status >= 500) retry(part);
        return null;
      }
      isSaved(sent);
      complain(part, "");
      const text = await response.text();
      return newest.get(place) === request ? text : null;
    } catch {
      complain(part, texts.noResponseSaving);
      retry(part);
      return null;
    }
  });
}

function complain(part, message) {
  const place = document.getElementById(`unsaved-${part}`);
  if (place && place.textContent !== message) place.textContent = message;
}

function retry(part) {
  later(`retry ${part}`, () => unsaved.size && save(part, "preview"), RETRY);
}

const waiting = new Map();

function later(key, work, wait = TYPING_PAUSE) {
  clearTimeout(waiting.get(key));
  waiting.set(key, setTimeout(work, wait));
}

// ------------------------------------------------------------------------------------ previews and grids

const contents = new WeakMap(); // what was put into a place: a screen reader would say the same again

function replaceContent(place, text) {
  if (text === null || !place || contents.get(place) === text) return;
  contents.set(place, text);
  place.innerHTML = text;
}

async function showPreview(box) {
  const text = await save(box.dataset.part, "preview");
  const place = document.getElementById(`preview-${box.dataset.part}`);
  if (place?.matches("[role=status]")) replaceContent(place, text);
}

const typedBefore = new WeakMap(); // in the fields of a grid, those too that a smaller shape has taken away

// Fields of another shape come with what was saved; what was typed since, and the focus, stay. Without a shape the fields stay as they are.
async function showGrid(box) {
  const place = document.getElementById(`grid-${box.dataset.part}`);
  const text = await save(box.dataset.part, "grid");
  if (!text?.trim() || !place || place.innerHTML === text) return;
  const typed = typedBefore.get(place) ?? new Map();
  for (const field of place.querySelectorAll("input")) typed.set(field.name, field.value);
  typedBefore.set(place, typed);
  const name = place.contains(document.activeElement) ? document.activeElement.name : null;
  place.innerHTML = text;
  for (const field of place.querySelectorAll("input")) {
    field.value = typed.get(field.name) ?? field.value;
    if (field.name === name) field.focus();
  }
  showMarks(box);
  showPreview(box);
}

document.addEventListener("input", (event) => {
  const box = closest(event.target, "[data-part]");
  if (!box) return;
  markUnsaved(box.dataset.part);
  showMarks(box);
  document.getElementById(`pasted-${box.dataset.part}`)?.replaceChildren();
  const work = event.target.matches("[data-side]") ? showGrid : showPreview;
  later(`${work.name} ${box.id}`, () => work(box));
});

document.addEventListener("click", (event) => {
  const button = closest(event.target, "[data-preview], [data-shape]");
  const box = closest(button, "[data-part]");
  if (!box) return;
  event.preventDefault();
  markUnsaved(box.dataset.part);
  if (button.matches("[data-shape]")) {
    showGrid(box).then(() => box.querySelector(".matrix input")?.focus());
  } else {
    showPreview(box);
  }
});

// In an exam a field that is left is saved as an answer; the buttons do the same.
async function saveAnswer(part = null) {
  try {
    await inTurn(() => {
      const body = fieldsToSend();
      body.set("do", "save");
      return fetch(attemptForm.getAttribute("action"), { method: "POST", body, redirect: "manual", keepalive: true });
    });
    if (part === null) return;
    replaceContent(document.getElementById(`result-${part}`), await save(part, "saved"));
    const answer = await fetch(location.pathname);
    if (answer.ok) replacePiece("contents", parsed(await answer.text()));
  } catch { /* what is not saved is sent again */ }
}

document.addEventListener("change", (event) => {
  const box = closest(event.target, "form[data-exam] [data-part]");
  if (box) saveAnswer(box.dataset.part);
});

// --------------------------------------------------------------------- a page that is left before all is saved

const LEFT = `left ${location.pathname}`;
const saveNow = () => save(unsaved.keys().next().value, "preview", { keepalive: true });

document.addEventListener("visibilitychange", () => {
  if (attemptForm && document.hidden && unsaved.size && pressed === null) saveNow();
});

addEventListener("pagehide", () => {
  if (!attemptForm || !unsaved.size) return;
  const fields = [...new FormData(attemptForm)].filter(([name]) => partOf(name) !== null);
  sessionStorage.setItem(LEFT, JSON.stringify(fields));
});

addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // the present state, not the past

// The next page in the same tab saves it, unless it was saved after all.
async function restore() {
  const fields = JSON.parse(sessionStorage.getItem(LEFT) ?? "[]");
  sessionStorage.removeItem(LEFT);
  const valueOf = (name) => attemptForm.elements.namedItem(name)?.value;
  const lost = fields.filter(([name, text]) => ![undefined, text.replaceAll("\r\n", "\n")].includes(valueOf(name)));
  if (!lost.length) return;
  const body = new URLSearchParams([["csrf_token", valueOf("csrf_token")], ...fields]);
  const path = `${attemptForm.getAttribute("action")}/parts/${encodeURIComponent(partOf(lost[0][0]))}/preview`;
  const answer = await fetch(path, { method: "POST", body });
  if (answer.ok) location.reload();
}

if (attemptForm) restore().catch(() => {});
