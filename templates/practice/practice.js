// Conveniences that the page can do without: Enter, arrow keys, pasting, focus, what goes on beyond an edge, and the time left.

document.documentElement.classList.add("js");

// ----------------------------------------------------------------------------------------------- keys

function cellAt(table, row, column) {
  return table.rows[row]?.cells[column]?.querySelector("input") ?? null;
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  const box = closest(field, "[data-part]");
  if (!box || !field.matches("input, textarea")) return;
  const sends = event.key === "Enter" && (field.matches("input:not([type=radio], [type=checkbox])") || event.ctrlKey || event.metaKey);
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

// What is pasted into a field of a grid is read by the program, as what is typed, which says what goes into which field.
document.addEventListener("paste", (event) => {
  const cell = closest(event.target, ".matrix td");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!cell || /^[\w./^-]*$/.test(text.trim())) return; // one entry
  event.preventDefault();
  paste(event.target, text, cell.parentElement.rowIndex + 1, cell.cellIndex + 1);
});

async function readPasted(part, pasted) {
  const body = fieldsToSend();
  for (const [name, value] of Object.entries(pasted)) body.set(name, value);
  const answer = await fetch(addressOf(part, "pasted"), { method: "POST", body });
  return answer.ok ? answer.json() : { cells: {}, message: reasonOf(answer.status) };
}

async function paste(field, text, row, column) {
  const box = field.closest("[data-part]");
  const { part } = box.dataset;
  markUnsaved(part);
  const found = await inTurn(() => readPasted(part, { pasted: text, row, column })).catch(() => ({ cells: {}, message: texts.cannotPaste }));
  const entries = Object.entries(found.cells);
  if (entries.length === 1 && entries[0][0] === field.name) {
    field.setRangeText(entries[0][1], field.selectionStart, field.selectionEnd, "end");
  } else {
    for (const [name, entry] of entries) {
      const one = attemptForm.elements.namedItem(name);
      if (one) one.value = entry;
    }
  }
  for (const type of entries.length ? ["input", "change"] : ["input"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  const place = document.getElementById(`pasted-${part}`);
  if (!place || !found.message) return;
  const said = document.createElement("p");
  said.textContent = found.message;
  place.replaceChildren(said);
  if (entries.length) return;
  const kept = document.createElement("pre"); // nothing was filled in, and nothing that was pasted is lost
  kept.textContent = text;
  kept.tabIndex = 0;
  place.append(kept);
}

// A double click starts one exam, not two.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});

// ------------------------------------------------------------------------------------------- focus

function focusOnTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const fields = target.matches("[data-part]") ? target.querySelector("input:not([type=hidden]), textarea") : null;
  (fields ?? target).focus();
}

addEventListener("hashchange", focusOnTarget);
focusOnTarget();

// ------------------------------------------------------------------------ what goes on beyond an edge

const BOXES = ".formula, .wide, .scroll, .table, figure";

// A box that scrolls fades at the edge beyond which it goes on, and can be reached by keyboard.
function showEdges(box) {
  const beyond = box.scrollWidth - box.clientWidth;
  box.classList.toggle("more-before", box.scrollLeft > 1);
  box.classList.toggle("more-after", beyond - box.scrollLeft > 1);
  if (beyond <= 1 || box.hasAttribute("tabindex") || box.querySelector("input")) return;
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", texts.formula);
}

const widths = new ResizeObserver((entries) => entries.forEach(({ target }) => showEdges(target.closest(BOXES))));
const observed = new WeakSet();

function observeBoxes() {
  for (const box of document.querySelectorAll(BOXES)) {
    if (observed.has(box)) continue;
    observed.add(box);
    widths.observe(box);
    if (box.firstElementChild) widths.observe(box.firstElementChild);
  }
}

addEventListener("scroll", ({ target }) => { if (closest(target, BOXES) === target) showEdges(target); }, true);
new MutationObserver(observeBoxes).observe(document.body, { childList: true, subtree: true });
observeBoxes();

// ----------------------------------------------------------------------------------------- the time left

const LAST = 2; // seconds before the end, when what is being typed is saved

const timer = document.querySelector("[data-left]");
if (timer) {
  const end = performance.now() + 1000 * Number(timer.dataset.left);
  const said = document.getElementById("time-said");
  let saved = false;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const seconds = String(left % 60).padStart(2, "0");
    timer.textContent = `${Math.floor(left / 60)}:${seconds}`;
    timer.classList.toggle("short", left <= 60);
    if (said && (left === 300 || left === 60)) said.textContent = left === 60 ? texts.oneMinuteLeft : texts.fiveMinutesLeft;
    if (left <= LAST && attemptForm && !saved) {
      saved = true;
      saveAnswer();
    }
    if (left > 0) setTimeout(tick, 250);
    else document.querySelector("[data-time-is-up]")?.click();
  };
  tick();
}
