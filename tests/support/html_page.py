"""A page read back by Python's own parser: its tags, its texts, and what it would fetch."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "input", "link", "br", "img", "hr"}
FETCHING = {
    "src",
    "srcset",
    "data",
    "poster",
    "background",
    "action",
    "formaction",
    "ping",
    "xlink:href",
}


class Page(HTMLParser):
    """A parsed page.

    tags: every start tag with its attributes. texts: text by the innermost tag around it. open:
    tags never closed.
    """

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.places: list[int] = []
        self.comments: list[str] = []
        self.feed(page.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.places.append(len(self.texts))
            self.texts.append((tag, ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.places.pop()
        assert self.open.pop() == tag, f"</{tag}> closes another"

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        if self.open:
            place = self.places[-1]
            self.texts[place] = (self.open[-1], self.texts[place][1] + data)

    def list_texts(self, *tags: str) -> list[str]:
        """Texts directly within these tags, in order."""
        return [text for tag, text in self.texts if tag in tags]

    def list_fetched(self) -> list[str]:
        """Addresses that a browser would ask for, and links that leave the page."""
        found = [
            v or "" for _, attributes in self.tags for k, v in attributes.items() if k in FETCHING
        ]
        return found + [
            v or ""
            for tag, a in self.tags
            for k, v in a.items()
            if k == "href" and not (v or "").startswith("#")
        ]
