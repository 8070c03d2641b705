"""A page as a reader sees it: its texts, its links, its tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img", "rect", "source"}


@dataclass
class Element:
    """One element with what is in it."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says, on one line; a fold stands where an element ends."""
        return " ".join("".join(self._parts()).split())

    def lines(self) -> list[str]:
        """What it says, as it stands."""
        return [part if isinstance(part, str) else "".join(part.lines()) for part in self.children]

    def find(self, tag: str, **attributes: str) -> list[Element]:
        """All elements below with this tag, these classes (`class_`) and these attributes."""
        classes = set(attributes.pop("class_", "").split())
        return [
            element
            for element in self.find_all()
            if element.tag == tag
            and attributes.items() <= element.attributes.items()
            and classes <= set(element.attributes.get("class", "").split())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        (found,) = self.find(tag, **attributes)
        return found

    def rows(self) -> list[list[str]]:
        """The cells of a table's body."""
        rows = self.one("tbody").find("tr")
        return [
            [c.text for c in row.children if isinstance(c, Element) and c.tag in {"th", "td"}]
            for row in rows
        ]

    def find_all(self) -> list[Element]:
        """All elements below, in order."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                found += [child, *child.find_all()]
        return found

    def _parts(self) -> list[str]:
        parts = []
        for child in self.children:
            parts += [child] if isinstance(child, str) else child._parts()
        block = self.tag in {"td", "th", "li", "p", "dt", "dd", "small", "div", "h1", "h2"}
        return [" ", *parts, " "] if block else parts


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(html: str) -> Element:
    """A page; refuses one whose elements are not closed in order."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert len(parser.open) == 1, f"<{parser.open[-1].tag}> is not closed"
    return parser.open[0]
