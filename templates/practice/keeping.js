// What is typed and not checked yet: kept by the program while one types, and shown as it is read.
"use strict";

const WAIT = 250; // milliseconds after the last key
const AGAIN = 2000; // milliseconds until what could not be kept is sent again

const attemptForm = document.querySelector("form.attempt");
const within = (element, selector) => (element instanceof Element ? element.closest(selector) : null);
const partOf = (name) => (name.includes("/") ? name.split("/")[0] : null);

// ------------------------------------------------------------------------------- what is not kept yet

const unkept = new Map(); // parts in which something was typed since the program kept them, with a count of the changes
let pressed = null; // the part whose button sends the form

function touch(part) {
  unkept.set(part, (unkept.get(part) ?? 0) + 1);
}

// Of the other parts, what another tab had the program keep is not written over by what stands here.
attemptForm?.addEventListener("formdata", ({ formData }) => {
  for (const name of new Set(formData.keys())) {
    const part = partOf(name);
    if (part !== null && part !== pressed && !unkept.has(part)) formData.delete(name);
  }
});

attemptForm?.addEventListener("submit", ({ submitter }) => { pressed = submitter?.value.split(":")[1] ?? ""; });

function reasonOf(status) {
  if (status === 404) return "This attempt is gone: it was deleted.";
  if (status === 413) return "This is more than a form may hold, and is not kept: shorten it.";
  if (status === 400) return "This page is out of date: load it anew. What you typed comes along.";
  return "What you type cannot be kept now: the program has no access to its file.";
}

const asking = new Map(); // by part: the request that is under way

// Have what is typed kept, and get a piece of the part's page for it; null where there is no answer, or a newer question.
async function ask(part, piece, options = {}) {
  asking.get(part)?.abort();
  const request = new AbortController();
  asking.set(part, request);
  const sent = new Map(unkept);
  const body = new URLSearchParams(new FormData(attemptForm));
  const path = `${attemptForm.getAttribute("action")}/parts/${encodeURIComponent(part)}/${piece}`;
  try {
    const answer = await fetch(path, { method: "POST", body, signal: request.signal, ...options });
    if (asking.get(part) !== request) return null;
    if (!answer.ok) {
      complain(part, reasonOf(answer.status));
      if (answer.status >= 500) again(part);
      return null;
    }
    for (const [one, count] of sent) if (unkept.get(one) === count) unkept.delete(one);
    complain(part, "");
    return await answer.text();
  } catch (error) {
    if (error.name === "AbortError") return null;
    complain(part, "No answer from the program: is it still running? What you type is sent again until it is kept.");
    again(part);
    return null;
  }
}

function complain(part, message) {
  const place = document.getElementById(`unkept-${part}`);
  if (place && place.textContent !== message) place.textContent = message;
}

function again(part) {
  later(`again ${part}`, () => unkept.size && ask(part, "preview"), AGAIN);
}

const waiting = new Map();

function later(key, work, wait = WAIT) {
  clearTimeout(waiting.get(key));
  waiting.set(key, setTimeout(work, wait));
}

// ------------------------------------------------------------------------------------ previews and grids

function put(place, text) {
  if (text !== null && place && place.innerHTML !== text) place.innerHTML = text;
}

async function showPreview(box) {
  const text = await ask(box.dataset.part, "preview");
  const place = document.getElementById(`preview-${box.dataset.part}`);
  if (place?.matches("[role=status]")) put(place, text);
}

// Another shape comes with what the program knows; what was typed since, and the place where one types, stay.
async function showGrid(box) {
  const place = document.getElementById(`grid-${box.dataset.part}`);
  const text = await ask(box.dataset.part, "grid");
  if (text === null || !place || place.innerHTML === text) return;
  const typed = new Map([...place.querySelectorAll("input")].map((field) => [field.name, field.value]));
  const name = place.contains(document.activeElement) ? document.activeElement.name : null;
  place.innerHTML = text;
  for (const field of place.querySelectorAll("input")) {
    field.value = typed.get(field.name) ?? field.value;
    if (field.name === name) field.focus();
  }
  showPreview(box);
}

document.addEventListener("input", (event) => {
  const box = within(event.target, "[data-part]");
  if (!box) return;
  touch(box.dataset.part);
  const work = event.target.matches("[data-side]") ? showGrid : showPreview;
  later(`${work.name} ${box.id}`, () => work(box));
});

document.addEventListener("click", (event) => {
  const button = within(event.target, "[data-preview], [data-shape]");
  const box = within(button, "[data-part]");
  if (!box) return;
  event.preventDefault();
  touch(box.dataset.part);
  if (button.matches("[data-shape]")) {
    showGrid(box).then(() => box.querySelector(".matrix input")?.focus());
  } else {
    showPreview(box);
  }
});

// In an exam what one leaves is handed in; the answer says nothing, and the buttons do the same.
async function handIn(part = null) {
  const fields = new URLSearchParams(new FormData(attemptForm));
  fields.set("do", "save");
  try {
    await fetch(attemptForm.getAttribute("action"), { method: "POST", body: fields, redirect: "manual", keepalive: true });
    if (part !== null) put(document.getElementById(`result-${part}`), await ask(part, "taken"));
  } catch { /* what is not kept is sent again */ }
}

document.addEventListener("change", (event) => {
  const box = within(event.target, "form[data-exam] [data-part]");
  if (box) handIn(box.dataset.part);
});

// --------------------------------------------------------------------- a page that is left before all is kept

const LEFT = `left ${location.pathname}`;
const keepNow = () => ask(unkept.keys().next().value, "preview", { keepalive: true });

document.addEventListener("visibilitychange", () => {
  if (attemptForm && document.hidden && unkept.size && pressed === null) keepNow();
});

addEventListener("pagehide", () => {
  if (!attemptForm || !unkept.size) return;
  const fields = [...new FormData(attemptForm)].filter(([name]) => partOf(name) !== null);
  sessionStorage.setItem(LEFT, JSON.stringify(fields));
});

addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // what is, and not what was

// The page that comes next in the same tab has it kept, unless it was sent after all.
async function bringBack() {
  const fields = JSON.parse(sessionStorage.getItem(LEFT) ?? "[]");
  sessionStorage.removeItem(LEFT);
  const stands = (name) => attemptForm.elements.namedItem(name)?.value;
  const lost = fields.filter(([name, text]) => ![undefined, text.replaceAll("\r\n", "\n")].includes(stands(name)));
  if (!lost.length) return;
  const body = new URLSearchParams([["csrf_token", stands("csrf_token")], ...fields]);
  const path = `${attemptForm.getAttribute("action")}/parts/${encodeURIComponent(partOf(lost[0][0]))}/preview`;
  const answer = await fetch(path, { method: "POST", body });
  if (answer.ok) location.reload();
}

if (attemptForm) bringBack().catch(() => {});
