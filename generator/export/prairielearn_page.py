"""The pages of PrairieLearn's questions: templates of Mustache, and the HTML that fills them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from generator.export.html import Html, data_address
from generator.export.tree import Blocks, Figure

PAGES: Mapping[str, str] = {
    "computed": """\
<pl-question-panel>{{{prompt}}}</pl-question-panel>
{{#symbol}}<p>{{{symbol}}}</p>{{/symbol}}
{{#rows}}
<div class="d-flex flex-wrap gap-2 my-2">
{{#cells}}
{{#exact}}<pl-symbolic-input answers-name="{{name}}" label="{{label}}" aria-label="{{spoken}}" weight="{{weight}}" size="{{size}}" placeholder=""></pl-symbolic-input>{{/exact}}
{{#integer}}<pl-integer-input answers-name="{{name}}" label="{{label}}" aria-label="{{spoken}}" weight="{{weight}}" size="{{size}}" placeholder=""></pl-integer-input>{{/integer}}
{{/cells}}
</div>
{{/rows}}
""",
    "decimals": """\
<pl-question-panel>{{{prompt}}}</pl-question-panel>
<pl-matrix-component-input answers-name="{{name}}" label="{{label}}" weight="{{weight}}" comparison="relabs" rtol="0" atol="{{near}}" allow-fractions="true" allow-partial-credit="true"></pl-matrix-component-input>
""",
    "one": """\
<pl-question-panel>{{{prompt}}}</pl-question-panel>
<pl-multiple-choice answers-name="{{name}}" weight="{{weight}}" order="{{order}}">
{{#options}}<pl-answer correct="{{correct}}" feedback="{{feedback}}">{{{text}}}</pl-answer>
{{/options}}</pl-multiple-choice>
""",
    "several": """\
<pl-question-panel>{{{prompt}}}</pl-question-panel>
<pl-checkbox answers-name="{{name}}" weight="{{weight}}" order="{{order}}" partial-credit="off">
{{#options}}<pl-answer correct="{{correct}}" feedback="{{feedback}}">{{{text}}}</pl-answer>
{{/options}}</pl-checkbox>
""",
    "claims": """\
<pl-question-panel>{{{prompt}}}</pl-question-panel>
{{#statements}}
<pl-question-panel>{{{text}}}</pl-question-panel>
<pl-multiple-choice answers-name="{{name}}" weight="{{weight}}" order="fixed" display="inline">
<pl-answer correct="{{holds}}">{{yes}}</pl-answer>
<pl-answer correct="{{fails}}">{{no}}</pl-answer>
</pl-multiple-choice>
{{#reason}}<p>{{because}}</p>
<pl-rich-text-editor file-name="{{reason}}" quill-theme="snow" allow-blank="true"></pl-rich-text-editor>
{{/reason}}
{{/statements}}
{{#manual_grading}}<pl-question-panel>{{{grading}}}</pl-question-panel>{{/manual_grading}}
""",
    "essay": """\
<pl-question-panel>{{{prompt}}}</pl-question-panel>
<pl-rich-text-editor file-name="{{file}}" quill-theme="snow"></pl-rich-text-editor>
{{#manual_grading}}<pl-question-panel>{{{grading}}}</pl-question-panel>{{/manual_grading}}
""",
}
"""The page of each way to ask, as a template of Mustache; what is between its braces comes from variants.json."""


class PrairieLearnHtml(Html):
    """HTML for PrairieLearn: a single dollar sign is no formula, and pictures of questions are its own element.

    Students can fetch all files of pictures, so that those of solutions alone are not files but stand in the text.
    """

    table_attributes = ' class="table table-bordered w-auto"'

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        super().__init__(figures, lambda name: data_address(figures[name]))
        self.public: dict[str, str] = {}
        self._is_question = False

    def question(self, content: Blocks) -> str:
        """Return what students see before they answer."""
        self._is_question = True
        found = self.blocks(content)
        self._is_question = False
        return found

    def option(self, content: Blocks) -> str:
        """Return a text that stands beside a button: a single paragraph is a line."""
        found = self.question(content)
        is_line = len(content) == 1 and "p" in content[0]
        return found.removeprefix("<p>").removesuffix("</p>") if is_line else found

    def words(self, text: str) -> str:
        return _SIGNS.sub(r'<span class="mathjax_ignore">\g<0></span>', super().words(text))

    def label(self, tex: str) -> str:
        """Return a formula as the label of a field."""
        return f"{self._formula(tex, display=False)} =" if tex else ""

    def picture(self, name: str) -> str:
        figure = self._figures[name]
        if self._is_question:
            self.public[name] = f"{name}.{figure.ending}"
        if name not in self.public:
            return super().picture(name)
        alt = escape(figure.alt)
        return (
            f'<pl-figure file-name="{self.public[name]}" alt="{alt}" display="inline"{self._width(name)}></pl-figure>'
        )


_SIGNS = re.compile(r"\$|\\(?=[(\[])")
