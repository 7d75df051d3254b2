"""The body of an article whose layout is not known, and what is trimmed off any body."""

from __future__ import annotations

import re
from collections.abc import Sequence

import trafilatura
from selectolax.lexbor import LexborHTMLParser

from crawlers.bylines import authors_from, credit_in
from crawlers.metadata import Metadata
from crawlers.paragraphs import NOISE, remove, selected_paragraphs, text_of
from domain.text import clean_paragraphs, fold_for_matching

#: Bodies that systems mark by role; each was seen on real pages.
_MARKED_BODY = '[data-role="content"], [data-slot="content"], [itemprop="articleBody"]'
#: The fast reading is kept from this length on; below, the full one is tried.
_ENOUGH = 400
_SIGNATURE = re.compile(r"[A-ZĐÀ-Ỹ][\w.]*(?:[ -]+[A-ZĐÀ-Ỹ(][\w.()]*){1,5}")
_LEADING_DATELINE = re.compile(r"^[\s\d/:.,\-|]*(?:GMT\+7)?[\s\d/:.,\-|()]*$")
_MARKER = re.compile(r"^(?:[-•*]|\d+\.)\s+(?=\S)")
_LONGEST_SIGNATURE = 60
_ALL_LINKS = 0.9


def body_by_shape(tree: LexborHTMLParser, meta: Metadata) -> tuple[list[str], str]:
    """The paragraphs, and which reader found them: ``microdata``, ``json-ld``, ``trafilatura``.

    Takes boxes, pictures and footers out of the tree.
    """
    remove(tree, NOISE)
    _remove_link_lists(tree)
    marked = selected_paragraphs(tree, _MARKED_BODY)
    if sum(map(len, marked)) >= _ENOUGH:
        return marked, "microdata"
    declared = clean_paragraphs(meta.body).split("\n") if meta.body else []
    if len(declared) > 1 and sum(map(len, declared)) >= _ENOUGH:
        return declared, "json-ld"
    found = _by_trafilatura(tree.html or "")
    return (found, "trafilatura") if found or not declared else (declared, "json-ld")


def _remove_link_lists(tree: LexborHTMLParser) -> None:
    """Lists and lines that hold nothing but links lead to other articles."""
    for node in tree.css("ul, ol, p"):
        words = len(text_of(node))
        linked = sum(len(text_of(link)) for link in node.css("a"))
        if linked and linked >= words * _ALL_LINKS:
            node.decompose()


def _by_trafilatura(markup: str) -> list[str]:
    text = _extracted(markup, fast=True)
    if len(text) < _ENOUGH:
        text = max(text, _extracted(markup, fast=False), key=len)
    return [_MARKER.sub("", line) for line in clean_paragraphs(text).split("\n") if line]


def _extracted(markup: str, *, fast: bool) -> str:
    text = trafilatura.extract(markup, fast=fast, include_comments=False, include_tables=False)
    return text or ""


def tidy(
    paragraphs: Sequence[str], *, headline: str, description: str, authors: Sequence[str]
) -> tuple[list[str], list[str], str]:
    """The body without its repeated head and its signature: body, signatures, credit line."""
    body = list(paragraphs)
    heads = {_folded(headline), _folded(description)}
    while body and (_folded(body[0]) in heads or _LEADING_DATELINE.match(body[0])):
        del body[0]
    signed: list[str] = []
    credit = ""
    while len(body) > 1 and len(body[-1]) <= _LONGEST_SIGNATURE:
        if found := credit_in(body[-1]):
            credit = found
        elif _is_signature(body[-1], authors):
            signed.append(body[-1])
        else:
            break
        del body[-1]
    return body, signed, credit


def _is_signature(line: str, authors: Sequence[str]) -> bool:
    named = authors_from([line], [])
    if authors:
        known = {_folded(author) for author in authors}
        return bool(named) and all(_folded(name) in known for name in named)
    return _SIGNATURE.fullmatch(line) is not None


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", fold_for_matching(text)).strip()
