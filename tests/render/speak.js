// Reads formulas, MathML as a list in JSON, from standard input; prints what the speech rule engine says of each.
const speech = require("speech-rule-engine");
(async () => {
  const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
  const said = formulas.map(() => []);
  for (const domain of ["mathspeak", "clearspeak"]) {
    await speech.setupEngine({ locale: "en", domain, modality: "speech" });
    formulas.forEach((formula, place) => said[place].push(speech.toSpeech(formula)));
  }
  console.log(JSON.stringify(said));
})();
