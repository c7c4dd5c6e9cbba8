// What the page can do without, made quicker: previews while one types, grids of another shape, Enter, and the time left.
"use strict";

document.documentElement.classList.add("js");

const WAIT = 250; // milliseconds after the last key

const within = (element, selector) => (element instanceof Element ? element.closest(selector) : null);

// ---------------------------------------------------------------------------------------------- pieces

const asking = new Map(); // by the id of the place: the request that is under way

async function ask(form, part, piece, place, before = () => () => {}) {
  asking.get(place.id)?.abort();
  const request = new AbortController();
  asking.set(place.id, request);
  const path = `${form.getAttribute("action")}/parts/${encodeURIComponent(part)}/${piece}`;
  try {
    const answer = await fetch(path, {
      method: "POST", body: new URLSearchParams(new FormData(form)), signal: request.signal,
    });
    if (!answer.ok) return;
    const text = await answer.text();
    if (asking.get(place.id) !== request || place.innerHTML === text) return;
    const after = before();
    place.innerHTML = text;
    after();
  } catch (error) {
    if (error.name !== "AbortError") place.textContent = "No answer from the program: is it still running?";
  }
}

const waiting = new Map();

function later(key, work) {
  clearTimeout(waiting.get(key));
  waiting.set(key, setTimeout(work, WAIT));
}

function showPreview(box) {
  const place = document.getElementById(`preview-${box.dataset.part}`);
  if (place && !place.hidden) ask(box.closest("form"), box.dataset.part, "preview", place);
}

// Another shape comes with what the server knows; what was typed since, and the place where one types, stay.
async function showGrid(box) {
  const place = document.getElementById(`grid-${box.dataset.part}`);
  await ask(box.closest("form"), box.dataset.part, "grid", place, () => {
    const typed = new Map([...place.querySelectorAll("input")].map((field) => [field.name, field.value]));
    const name = place.contains(document.activeElement) ? document.activeElement.name : null;
    return () => {
      for (const field of place.querySelectorAll("input")) {
        field.value = typed.get(field.name) ?? field.value;
        if (field.name === name) field.focus();
      }
    };
  });
  showPreview(box);
}

document.addEventListener("input", (event) => {
  const box = within(event.target, "[data-part]");
  if (!box) return;
  const work = event.target.matches("[data-side]") ? showGrid : showPreview;
  later(`${work.name} ${box.id}`, () => work(box));
});

document.addEventListener("click", (event) => {
  const button = within(event.target, "[data-preview], [data-shape]");
  const box = within(button, "[data-part]");
  if (!box) return;
  event.preventDefault();
  if (button.matches("[data-shape]")) {
    showGrid(box).then(() => box.querySelector(".matrix input")?.focus());
  } else {
    showPreview(box);
  }
});

// In an exam what one leaves is saved; the answer says nothing, and the buttons do the same.
document.addEventListener("change", (event) => {
  const form = within(event.target, "form[data-exam]");
  if (!form) return;
  const fields = new URLSearchParams(new FormData(form));
  fields.set("do", "save");
  const sent = fetch(form.getAttribute("action"), { method: "POST", body: fields, redirect: "manual", keepalive: true });
  const box = within(event.target, "[data-part]");
  const told = box && document.getElementById(`result-${box.dataset.part}`);
  sent.then(() => told && ask(form, box.dataset.part, "taken", told)).catch(() => {});
});

// ----------------------------------------------------------------------------------------------- keys

function cellAt(table, row, column) {
  return table.rows[row]?.cells[column]?.querySelector("input") ?? null;
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  const box = within(field, "[data-part]");
  if (!box || !field.matches("input, textarea")) return;
  const sends = event.key === "Enter" && (field.matches("input:not([type=radio])") || event.ctrlKey || event.metaKey);
  if (sends) {
    event.preventDefault();
    box.querySelector(field.matches("[data-side]") ? "[data-shape]" : "[data-sends]")?.click();
    return;
  }
  const cell = field.closest(".matrix td");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!cell || !step) return;
  const next = cellAt(cell.closest("table"), cell.parentElement.rowIndex + step, cell.cellIndex);
  if (next) {
    event.preventDefault();
    next.focus();
    next.select();
  }
});

// A matrix that is pasted into one field fills those to the right of it and below.
document.addEventListener("paste", (event) => {
  const cell = within(event.target, ".matrix td");
  const text = event.clipboardData?.getData("text/plain").trim() ?? "";
  const rows = text.split(/\r?\n|;/).map((line) => line.trim().split(/\s*[\t&,]\s*/));
  if (!cell || (rows.length === 1 && rows[0].length === 1)) return;
  event.preventDefault();
  const table = cell.closest("table");
  rows.forEach((row, down) => row.forEach((entry, right) => {
    const field = cellAt(table, cell.parentElement.rowIndex + down, cell.cellIndex + right);
    if (field) field.value = entry;
  }));
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
});

// -------------------------------------------------------------------------------------- where one is

function focusOnTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const fields = target.matches("[data-part]") ? target.querySelector("input:not([type=hidden]), textarea") : null;
  (fields ?? target).focus();
}

addEventListener("hashchange", focusOnTarget);
focusOnTarget();

// ----------------------------------------------------------------------------------------- the time left

const timer = document.querySelector("[data-left]");
if (timer) {
  const end = performance.now() + 1000 * Number(timer.dataset.left);
  const said = document.getElementById("time-said");
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const seconds = String(left % 60).padStart(2, "0");
    timer.textContent = `${Math.floor(left / 60)}:${seconds}`;
    timer.classList.toggle("short", left <= 60);
    if (said && (left === 300 || left === 60)) said.textContent = `${left / 60} minutes left`.replace(/^1 minutes/, "1 minute");
    if (left > 0) setTimeout(tick, 250);
    else document.querySelector("[data-time-is-up]")?.click();
  };
  tick();
}
