"""The templates: one Jinja2 environment a language, whose words stand in their compiled form.

Compiling them takes longer than building a shop. So the package's build does it and keeps the result as Python code in
`compiled/<language>/<template>-<digest>.py`. The digest is over all that the code is made from, the template first of
all: code of another template, catalogue, library or version of this module isn't found, and what isn't found is
compiled from its source, with the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import jinja2
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, nodes
from jinja2.compiler import CodeGenerator
from jinja2.compiler import Frame as CodeFrame
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from vijf import urls
from vijf.digests import digest
from vijf.render.language import load_language
from vijf.render.package import COMPILED, TEMPLATES, catalogue
from vijf.render.stars import STAR_PATH
from vijf.render.text import escaped, isolate, one_direction


@lru_cache(maxsize=64)
def environment(code: str) -> Environment:
    """The templates of one language."""
    language = load_language(code)
    found = Templates(
        loader=_Loader(code),
        extensions=[_Translated],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    found.filters |= {"isolate": isolate, "one_direction": one_direction, "mailto": urls.mailto}
    found.globals |= {"_": language.gettext, "ngettext": language.ngettext, "star_path": STAR_PATH}
    found.globals["star_shapes"] = found.get_template("stars.html").make_module().shapes()  # type: ignore[attr-defined]  # a macro
    return found


class _Loader(FileSystemLoader):
    """Templates as compiled code where it is there, else from their source."""

    def __init__(self, code: str) -> None:
        super().__init__(str(TEMPLATES))
        self._folder = COMPILED / code
        words = catalogue(code)
        made_from = [words.read_bytes() if words.is_file() else b"", Path(__file__).read_bytes()]
        self._base = f"{digest(made_from[0])} {digest(made_from[1])} jinja2 {jinja2.__version__}"

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:  # noqa: A002  # Jinja2's word
        """Load a template; raises `TemplateNotFound`."""
        source, filename, _ = self.get_source(environment, name)
        path = str(self._folder / self.file_name(name, source))
        try:
            code = SourceFileLoader(name, path).get_code(name)
        except FileNotFoundError:
            code = None
        if code is None:
            code = environment.compile(source, name, filename)
        return environment.template_class.from_code(environment, code, globals if globals is not None else {})

    def file_name(self, name: str, source: str) -> str:
        """The name of the file that holds the compiled code of a template with this source."""
        return f"{name}-{digest(f'{self._base} {name} {source}'.encode())}.py"


def compiled(code: str) -> dict[str, str]:
    """All templates in one language as Python code, by the names that their files have in `compiled/<code>/`."""
    templates = environment(code)
    loader = cast("_Loader", templates.loader)
    found = {}
    for name in loader.list_templates():
        source, _, _ = loader.get_source(templates, name)
        found[loader.file_name(name, source)] = templates.compile(source, name, name, raw=True)
    return found


class _Escaping(CodeGenerator):
    """Templates as code in which outputs are escaped by `escaped`."""

    def _output_child_pre(self, node: nodes.Expr, frame: CodeFrame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.escaped(")
            if finalize.src is not None:
                self.write(finalize.src)
        else:
            super()._output_child_pre(node, frame, finalize)


class Templates(Environment):
    """The environment of one language."""

    code_generator_class = _Escaping
    escaped = staticmethod(escaped)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """All templates have the same globals: those of the environment, without a layer of their own."""
        return d or self.globals


class _Translated(Extension):
    """Puts messages without values into a template's own text when it is compiled, once for each language."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """`_("Words")` becomes the string `"Woorden"`, which Jinja2 escapes where it stands, as any other.

        A template that speaks several languages, and so sets its own `_`, is left as it is.
        """
        tokens = list(stream)
        if any((one.value, other.value) == ("set", "_") for one, other in pairwise(tokens)):
            yield from tokens
            return
        translate = cast("Callable[[str], str]", self.environment.globals["_"])
        at = 0
        while at < len(tokens):
            call = tokens[at : at + 4]
            if [token.type for token in call] == ["name", "lparen", "string", "rparen"] and call[0].value == "_":
                yield Token(call[0].lineno, "string", translate(call[2].value))
                at += 4
            else:
                yield tokens[at]
                at += 1
