"use strict";
// Puts the answers into a table as `worksheet grade` reads it, and saves it as a file. Nothing is sent anywhere.
(() => {
  const { texts, parts } = JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("form");
  const student = document.getElementById("student");
  const status = document.getElementById("status");
  let changed = false;
  document.getElementById("needs-script").remove();

  const typed = (name) => (form.elements.namedItem(name)?.value ?? "").trim();
  const chosen = (name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]:checked`)].map((one) => one.value).filter(Boolean);

  function answer(part) {
    const id = `p${part.problem}-${part.part}`;
    const numbers = Array.from({ length: part.fields }, (_, place) => place + 1);
    if (part.kind === "choice" || part.kind === "choices") return chosen(id).join(", ");
    if (part.kind === "claims") {
      const verdicts = numbers.map((place) => chosen(`${id}-${place}`)[0] ?? "?");
      return verdicts.every((one) => one === "?") ? "" : verdicts.join(" ");
    }
    if (part.fields) {
      const values = numbers.map((place) => typed(`${id}-${place}`));
      return values.some(Boolean) ? values.join(part.kind === "fields" ? " & " : "; ") : "";
    }
    return typed(id);
  }

  // An apostrophe keeps a spreadsheet from taking an answer for a formula; `worksheet grade` takes it away again.
  const cell = (text) => `"${(/^[=+\-@\t\r\n＝＋－＠']/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const fileName = (id) => `answers-${id.normalize("NFKD").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "").slice(0, 60) || "student"}.csv`;

  form.addEventListener("input", () => { changed = true; status.textContent = ""; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const id = student.value.trim();
    const error = document.getElementById("student-error");
    error.textContent = id ? "" : texts.needsId;
    student.setAttribute("aria-invalid", String(!id));
    if (!id) { student.focus(); return; }
    const paper = document.getElementById("paper").value.trim();
    const answers = parts.map((part) => [part, answer(part)]);
    // the letter of a form is no id of a paper
    const form_letter = /^[A-Za-z]$/.test(paper) ? paper.toUpperCase() : "";
    const rows = [["student", "form", "paper", "problem", "part", "answer"],
      ...answers.map(([part, text]) => [id, form_letter, form_letter ? "" : paper, part.problem, part.part, text])];
    const file = new Blob(["\ufeff", rows.map((row) => row.map(cell).join(",")).join("\r\n"), "\r\n"], { type: "text/csv" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = fileName(id);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    changed = false;
    const empty = answers.filter(([, text]) => !text).map(([part]) => part.name);
    status.textContent = `${texts.saved.replace("{file}", link.download)} ${empty.length ? texts.empty.replace("{parts}", empty.join(", ")) : texts.allAnswered}`;
  });
})();
