// The page renews itself when a file is saved, and stays where it was; and the switches act at once.

const INTERVAL = 400; // milliseconds between two looks at the version

let version = document.body.dataset.version;
let wanted = version; // what is shown, or being fetched
let fetching = null;
let isLooking = false;

const status = document.getElementById("status");
const main = document.getElementById("main");

function say(text) {
  if (status.textContent !== text) status.textContent = text;
}

// ------------------------------------------------------------------------------------------------ renewing

async function look() {
  if (isLooking || document.hidden) return;
  isLooking = true;
  try {
    const answer = await fetch("/version");
    const now = (await answer.json()).version;
    if (now !== wanted) renew(now);
    else if (!fetching && status.dataset.lost) say("");
    delete status.dataset.lost;
  } catch {
    status.dataset.lost = "yes";
    say("The preview has stopped: start it again with the same --port.");
  }
  isLooking = false;
}

async function renew(now) {
  fetching?.abort();
  const mine = fetching = new AbortController();
  wanted = now;
  say("Renewing…");
  try {
    const answer = await fetch(location.href, { signal: mine.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (fetching !== mine || !page.body.dataset.version) return;
    version = wanted = page.body.dataset.version;
    show(page);
  } catch {
    if (fetching === mine) wanted = version; // it is tried again
  }
  if (fetching === mine) fetching = null;
}

function show(page) {
  document.title = page.title;
  for (const selector of ["h1", ".switches"]) {
    const old = document.querySelector(`.bar ${selector}`);
    const fresh = page.querySelector(`.bar ${selector}`);
    if (!old.contains(document.activeElement) && old.outerHTML !== fresh.outerHTML) old.replaceWith(document.importNode(fresh, true));
  }
  const olds = [...main.children];
  const view = document.importNode(page.querySelector(".view"), true);
  const failed = view.querySelector(".failure");
  const finish = () => {
    const place = scrollY;
    for (const old of olds) old.remove();
    view.classList.remove("loading");
    if (failed) scrollTo(0, 0);
    else scrollTo(0, place);
    say(failed ? "The file has an error." : `Renewed at ${new Date().toLocaleTimeString()}.`);
  };
  const frame = view.querySelector("iframe");
  if (!frame) {
    main.append(view);
    finish();
    return;
  }
  view.classList.add("loading"); // the old document stays until the new one is there
  keepPlace(frame, finish);
  main.append(view);
}

// ------------------------------------------------------------------------------- the place in a document

const PLACE = `place-${document.body.dataset.tab}`;

// A document comes again at the place where the last one was left: after a renewal, and with another seed.
function keepPlace(frame, then = () => {}) {
  const begin = () => {
    frame.contentWindow.scrollTo(0, Number(sessionStorage.getItem(PLACE) ?? 0));
    frame.contentWindow.addEventListener("scroll", () => sessionStorage.setItem(PLACE, frame.contentWindow.scrollY));
    then();
  };
  const isThere = frame.contentDocument?.readyState === "complete" && frame.contentDocument.URL !== "about:blank";
  if (frame.isConnected && isThere) begin();
  else frame.addEventListener("load", begin, { once: true });
}

const first = document.querySelector("iframe");
if (first) keepPlace(first);

// ------------------------------------------------------------------------------------------------ switches

document.addEventListener("change", ({ target }) => target.closest(".switches")?.requestSubmit());

document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: "-1", ArrowRight: "1" }[event.key];
  const isFree = event.target === document.body || event.target === main || event.target.matches("a");
  if (!step || !isFree || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  document.querySelector(`[data-step="${step}"]`).click();
});

document.addEventListener("visibilitychange", look);
setInterval(look, INTERVAL);
