"""Articles out of a seed: invented Vietnamese news, the same every time, none like another."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from unicodedata import combining, normalize

_WHO = (
    "Sở Nội vụ", "Ủy ban nhân dân xã Lúa Vàng", "Trung tâm Phục vụ hành chính công", "Sở Tư pháp",
    "Phường Bến Đò", "Sở Khoa học và Công nghệ", "Thanh tra tỉnh", "Ban Quản lý khu công nghiệp",
    "Sở Tài chính", "Hội đồng nhân dân phường Cầu Tre",
)  # fmt: skip
_DID = (
    "rút ngắn thời gian giải quyết hồ sơ", "mở thêm quầy tiếp nhận lưu động",
    "đối thoại với người dân về thủ tục đất đai", "sắp xếp lại các phòng chuyên môn",
    "công khai kết quả chấm điểm phục vụ", "tập huấn chữ ký số cho cán bộ",
    "trả kết quả tận nhà cho người cao tuổi", "rà soát các khoản phí không còn phù hợp",
    "đưa thêm dịch vụ công lên mạng", "lấy ý kiến về đề án vị trí việc làm",
)  # fmt: skip
_WHERE = (
    "tại khu vực ven sông", "ở các xã vùng cao", "trong tháng cao điểm", "tại bộ phận một cửa",
    "trên toàn địa bàn", "ở ba phường trung tâm", "tại làng nghề", "trong quý này",
)  # fmt: skip
_THEN = (
    "Người dân đến làm thủ tục cho biết thời gian chờ đã ngắn hơn trước, hồ sơ được hướng dẫn kỹ.",
    "Theo báo cáo của đơn vị, phần lớn hồ sơ được trả đúng hẹn, số hồ sơ trễ hạn giảm rõ rệt.",
    "Lãnh đạo đơn vị yêu cầu xin lỗi bằng văn bản khi trả kết quả chậm và nêu rõ ngày hẹn mới.",
    "Cán bộ trẻ được cử xuống thôn, giúp bà con tạo tài khoản và nộp hồ sơ qua điện thoại.",
    "Một số ý kiến đề nghị bổ sung máy quét, vì giờ cao điểm vẫn còn cảnh xếp hàng dài.",
    "Kinh phí được bố trí từ nguồn chi thường xuyên, không phát sinh biên chế mới.",
    "Tổ công tác sẽ kiểm tra đột xuất và công bố kết quả vào tuần sau trên trang của đơn vị.",
    "Các hội, đoàn thể cùng tham gia tuyên truyền để người dân biết quyền lợi của mình.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """This is one article as its outlet wrote it."""

    outlet: str
    number: int
    #: When it is printed, whole minutes, aware.
    at: datetime
    headline: str
    sapo: str
    body: tuple[str, ...]

    @property
    def path(self) -> str:
        """Its address at the outlet."""
        return f"/{_slug(self.headline)}-{self.number}.html"

    def edited(self, edition: int) -> Story:
        """The same article after its outlet changed it; its address stays as it was."""
        added = f"Bản tin được bổ sung lần {edition} theo số liệu đơn vị mới cung cấp."
        return replace(self, body=(*self.body, added))


def stories(outlet: str, moments: Sequence[datetime], *, seed: int = 2026) -> list[Story]:
    """One article of the outlet for each moment, oldest first."""
    draw = random.Random(f"{seed}:{outlet}")
    return [_story(draw, outlet, number, at) for number, at in enumerate(sorted(moments), 1001)]


def spread(first: datetime, count: int, *, over: timedelta, seed: str) -> list[datetime]:
    """So many whole minutes of a span, drawn from a seed, in order."""
    draw = random.Random(seed)
    minutes = int(over.total_seconds()) // 60
    return [first + timedelta(minutes=m) for m in sorted(draw.choices(range(minutes), k=count))]


def _story(draw: random.Random, outlet: str, number: int, at: datetime) -> Story:
    who, did, where = draw.choice(_WHO), draw.choice(_DID), draw.choice(_WHERE)
    told = draw.sample(_THEN, 6)
    paragraphs = [f"{told[2 * n]} {told[2 * n + 1]}" for n in range(3)]
    lead = f"Ngày {at:%d/%m/%Y}, {who} {did} {where}, đây là việc thứ {number} được đăng năm nay."
    return Story(
        outlet=outlet,
        number=number,
        at=at,
        headline=f"{who} {did} {where}, đợt {number}",
        sapo=f"{who} vừa {did}; kết quả bước đầu được người dân ghi nhận.",
        body=(lead, *paragraphs),
    )


def _slug(text: str) -> str:
    plain = normalize("NFD", text.lower().replace("đ", "d"))
    letters = "".join(char for char in plain if not combining(char))
    return "-".join("".join(c if c.isalnum() else " " for c in letters).split())
