// What a button of a part does, without leaving the page: only what is different is replaced, and all else keeps its place.

const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

// -------------------------------------------------------------------------------------------- marks

const checked = new WeakMap(); // the fields of a part whose marks stand on the page, as they were checked

function answerIn(box) {
  const fields = [...box.querySelectorAll("input, textarea, select")];
  const answer = fields.filter(({ name }) => !/\/(working|reason|own)\./.test(name));
  return JSON.stringify(answer.map((field) => [field.name, field.matches("[type=radio], [type=checkbox]") ? field.checked : field.value]));
}

// Marks stand only as long as the fields hold the answer that was checked.
function showMarks(box) {
  if (!checked.has(box)) return;
  const holds = checked.get(box) === answerIn(box);
  box.classList.toggle("is-changed", !holds);
  for (const field of box.querySelectorAll("[data-mark]")) {
    const { name, mark } = field.dataset;
    field.setAttribute("aria-label", holds ? `${name}, ${mark}` : name);
    if (!holds) field.removeAttribute("aria-invalid");
    else if ("wrong" in field.dataset) field.setAttribute("aria-invalid", "true");
  }
  for (const note of box.querySelectorAll("[data-changed]")) note.hidden = holds;
}

function rememberMarks(root = document) {
  for (const box of root.querySelectorAll("[data-marked]")) checked.set(box, answerIn(box));
}

rememberMarks();

// ----------------------------------------------------------------------------------- replacing pieces

// Put a piece of another state of the page in the place of this one; what is being typed stays.
function replacePiece(id, page) {
  const before = document.getElementById(id);
  const piece = page.getElementById(id);
  if (!before || !piece || before.isEqualNode(piece)) return;
  const now = document.importNode(piece, true);
  const focused = before.contains(document.activeElement) ? document.activeElement : null;
  const scrolled = [...before.querySelectorAll(".scroll, .formula, .wide")].map((box) => box.scrollLeft);
  const open = [...before.querySelectorAll("details[open]")].map((one) => one.id);
  before.replaceWith(now);
  if (now.matches("[data-marked]")) checked.set(now, answerIn(now));
  if (unsaved.has(now.dataset.part)) keepTyped(before, now);
  for (const one of open) document.getElementById(one)?.setAttribute("open", "");
  now.querySelectorAll(".scroll, .formula, .wide").forEach((box, place) => { box.scrollLeft = scrolled[place] ?? 0; });
  if (focused) sameIn(now, focused)?.focus({ preventScroll: true });
}

function sameIn(piece, field) {
  if (field.id) return document.getElementById(field.id);
  const all = [...piece.querySelectorAll("input, textarea, select, button")];
  return all.find((one) => field.name && one.name === field.name && one.value === field.value);
}

function keepTyped(before, now) {
  for (const field of before.querySelectorAll("input, textarea, select")) {
    const same = [...now.querySelectorAll("input, textarea, select")].find(
      (one) => one.name === field.name && (!one.matches("[type=radio], [type=checkbox]") || one.value === field.value));
    if (!same) continue;
    if (same.matches("[type=radio], [type=checkbox]")) same.checked = field.checked;
    else same.value = field.value;
  }
  showMarks(now);
}

// Show another state of the page. The part that was acted on stays where it is in the window.
function showPage(page, part) {
  const top = () => document.getElementById(`answer-${part}`)?.getBoundingClientRect().top ?? 0;
  const before = top();
  document.documentElement.classList.add("replacing");
  for (const piece of document.querySelectorAll("[data-piece]")) replacePiece(piece.id, page);
  scrollBy({ top: top() - before, behavior: "instant" });
  document.documentElement.classList.remove("replacing");
}

// Focus on what the button brought; the page scrolls only if that is not to be seen, and no further than it must.
function showTarget(target) {
  if (!target) return;
  const fields = target.matches("[data-part]") ? target.querySelector("input:not([type=hidden]), textarea") : null;
  (fields ?? target).focus({ preventScroll: true });
  const { top, bottom } = target.getBoundingClientRect();
  const [first, last] = [parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0, innerHeight - 8];
  const needed = Math.min(bottom, top + innerHeight / 3);
  if (top < first) scrollBy({ top: top - first, behavior: "instant" });
  else if (needed > last) scrollBy({ top: needed - last, behavior: "instant" });
}

function announce(target) {
  const place = document.getElementById("announced");
  if (!place) return;
  const said = target?.id.startsWith("result-") ? [...target.childNodes].filter((one) => !one.hidden) : [];
  place.textContent = ""; // so that the same is said again
  setTimeout(() => { place.textContent = said.map((one) => one.textContent.trim()).join(" ").trim(); }, 50);
}

// ----------------------------------------------------------------------------------------- acting

let acting = false; // a button that is pressed twice in haste acts once

async function act(action, part) {
  if (acting) return;
  acting = true;
  try {
    await inTurn(() => send(action, part));
  } catch {
    complain(part, texts.noResponseActing);
  } finally {
    acting = false;
  }
}

async function send(action, part) {
  const sent = new Map(unsaved);
  const body = fieldsToSend(part);
  body.append("do", action);
  const answer = await fetch(attemptForm.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) return complain(part, reasonOf(answer.status));
  isSaved(sent);
  const place = new URL((await answer.json()).location, location.href);
  if (place.pathname !== location.pathname) return location.assign(place);
  const state = await fetch(place.pathname + place.search);
  if (!state.ok) return location.assign(place);
  showPage(parsed(await state.text()), part);
  complain(part, "");
  const target = document.getElementById(decodeURIComponent(place.hash.slice(1)));
  showTarget(target);
  announce(target);
}

attemptForm?.addEventListener("submit", (event) => {
  const [action, part] = (event.submitter?.value ?? "save").split(":");
  if (pressed === "") return;
  event.preventDefault();
  if (action === "go" || action === "exam") {
    const leave = () => {
      pressed = ""; // sent by the browser, with what is not saved
      attemptForm.requestSubmit(event.submitter);
    };
    setTimeout(() => inTurn(leave)); // a form that is being submitted ignores it
    return;
  }
  act(event.submitter?.value ?? "save", part ?? "");
});
