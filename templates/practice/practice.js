// Conveniences that the page can do without: Enter, arrow keys, pasting, focus, and the time left.

document.documentElement.classList.add("js");

// ----------------------------------------------------------------------------------------------- keys

function cellAt(table, row, column) {
  return table.rows[row]?.cells[column]?.querySelector("input") ?? null;
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  const box = closest(field, "[data-part]");
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

// A matrix pasted into a field fills those to its right and below.
document.addEventListener("paste", (event) => {
  const cell = closest(event.target, ".matrix td");
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

// A double click starts one exam, not two.
document.addEventListener("submit", (event) => {
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
    if (said && (left === 300 || left === 60)) said.textContent = `${left / 60} minutes left`.replace(/^1 minutes/, "1 minute");
    if (left <= LAST && attemptForm && !saved) {
      saved = true;
      saveAnswer();
    }
    if (left > 0) setTimeout(tick, 250);
    else document.querySelector("[data-time-is-up]")?.click();
  };
  tick();
}
