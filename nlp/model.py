"""The classifier as numbers: two lists of grams, one matrix of weights, a card that explains.

The file holds arrays only (no pickle), so opening it can run nothing.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array

from domain.errors import UsageError
from nlp.features import DENSE_FEATURES, Vectorizer
from nlp.link_weights import LinkWeights, link_weights

SHIPPED: Final = Path(__file__).parent / "model"
_ARRAYS = "model.npz"
_CARD = "card.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """This is one question the model answers: yes or no for each of its codes, or which one."""

    name: str
    codes: tuple[str, ...]
    #: True where the codes exclude each other and their probabilities sum to one.
    exclusive: bool
    #: Least probability of a decided code, by code; for an exclusive head what each is weighed by.
    decision: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """This holds everything a prediction needs."""

    body: Sequence[str]
    body_idf: np.ndarray
    title: Sequence[str]
    title_idf: np.ndarray
    #: One column for each code of each head, in order; calibrated.
    weights: np.ndarray
    bias: np.ndarray
    #: The four fitted rows of the linker.
    link: np.ndarray
    heads: tuple[Head, ...]
    card: Mapping[str, Any]
    version: str = ""

    def vectorizer(self) -> Vectorizer:
        """The reader of texts that fits these weights."""
        return Vectorizer(self.body, self.body_idf, self.title, self.title_idf)

    def link_weights(self) -> LinkWeights:
        """How the linker decides."""
        return link_weights(self.link)

    def probabilities(self, rows: csr_array) -> dict[str, np.ndarray]:
        """For each head the probability of each code, one row a text."""
        scores = rows @ self.weights + self.bias
        answers = {}
        first = 0
        for head in self.heads:
            part = scores[:, first : first + len(head.codes)]
            answers[head.name] = _softmax(part) if head.exclusive else _sigmoid(part)
            first += len(head.codes)
        return answers


def save_model(model: Model, folder: Path) -> None:
    """Write arrays and card; equal models give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {
        "body": _packed(model.body),
        "body_idf": model.body_idf.astype(np.float32),
        "title": _packed(model.title),
        "title_idf": model.title_idf.astype(np.float32),
        "weights": model.weights.astype(np.float32),
        "bias": model.bias.astype(np.float32),
        "link": model.link.astype(np.float32),
    }
    with zipfile.ZipFile(folder / _ARRAYS, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            # A fixed date: the same numbers must give the same file.
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as stream:
                np.lib.format.write_array(stream, array, allow_pickle=False)
    heads = [
        {"name": h.name, "codes": h.codes, "exclusive": h.exclusive, "decision": h.decision}
        for h in model.heads
    ]
    card = json.dumps({"heads": heads, **model.card}, ensure_ascii=False, indent=1)
    (folder / _CARD).write_text(card + "\n", encoding="utf-8")


def load_model(folder: Path | None = None) -> Model:
    """Read a model; a missing or unsuitable one is a `UsageError`."""
    folder = folder or SHIPPED
    try:
        packed = (folder / _ARRAYS).read_bytes()
        card = json.loads((folder / _CARD).read_text(encoding="utf-8"))
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            return _model(arrays, card, hashlib.sha256(packed).hexdigest()[:8])
    except FileNotFoundError as error:
        raise UsageError(
            f"Không có mô hình gắn nhãn trong {folder}. Chạy “diembao train” để tạo, "
            "hoặc sửa mục [tag] model trong tệp cấu hình."
        ) from error
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UsageError(
            f"Mô hình gắn nhãn trong {folder} hỏng hoặc không hợp với phiên bản này: {error}. "
            "Chạy “diembao train” để tạo lại."
        ) from error


def _model(arrays: Any, card: dict[str, Any], version: str) -> Model:
    heads = tuple(
        Head(
            name=head["name"],
            codes=tuple(head["codes"]),
            exclusive=head["exclusive"],
            decision=tuple(head["decision"]),
        )
        for head in card["heads"]
    )
    model = Model(
        body=_unpacked(arrays["body"]),
        body_idf=arrays["body_idf"],
        title=_unpacked(arrays["title"]),
        title_idf=arrays["title_idf"],
        weights=arrays["weights"],
        bias=arrays["bias"],
        link=arrays["link"],
        heads=heads,
        card=card,
        version=version,
    )
    width = len(model.body) + len(model.title) + len(DENSE_FEATURES)
    codes = sum(len(head.codes) for head in heads)
    if model.weights.shape != (width, codes):
        raise ValueError(f"cỡ ma trận {model.weights.shape}, cần {(width, codes)}")
    link_weights(model.link)
    return model


def _packed(grams: Sequence[str]) -> np.ndarray:
    return np.frombuffer("\n".join(grams).encode(), np.uint8)


def _unpacked(array: np.ndarray) -> list[str]:
    return array.tobytes().decode().split("\n")


def _sigmoid(scores: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))))


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
