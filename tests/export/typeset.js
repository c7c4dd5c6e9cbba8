// Typesets formulas, TeX as a list in JSON, from standard input; prints for each what MathJax and KaTeX find wrong with it, or nothing.
const { init } = require("mathjax");
const katex = require("katex");
(async () => {
  const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
  const mathjax = await init({ loader: { load: ["input/tex", "output/svg"] } });
  const faults = formulas.map((tex) => {
    const html = mathjax.startup.adaptor.outerHTML(mathjax.tex2svg(tex));
    const error = /data-mjx-error="([^"]*)"/.exec(html);
    try {
      katex.renderToString(tex, { throwOnError: true, strict: "error" });
    } catch (fault) {
      return [error ? error[1] : "", fault.message];
    }
    return [error ? error[1] : "", ""];
  });
  console.log(JSON.stringify(faults));
})();
