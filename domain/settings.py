"""Settings: what `config.toml` may say, each with its default and its help.

Every field is declared once, here; `docs/settings.md` and the errors are made from it. The file is
the only one an operator edits, so everything said about it is Vietnamese.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import UsageError
from domain.validation import explain

#: What may stand in an HTTP header.
_ASCII = r"^[\x20-\x7e]*$"
_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CrawlSettings(_Section):
    """[crawl]: what is collected, and how politely."""

    outlets: tuple[str, ...] = Field(
        (), description="Mã các cơ quan báo chí cần theo dõi; để trống là tất cả các khai báo."
    )
    outlets_folder: str = Field(
        "",
        description="Thư mục khai báo báo chí, tính từ tệp cấu hình; "
        "để trống là thư mục đi kèm chương trình.",
    )
    user_agent: str = Field(
        "diembao/0.1 (theo doi bao chi ve cai cach hanh chinh)",
        pattern=_ASCII,
        description="Tên mà chương trình xưng với các trang báo (chữ không dấu).",
    )
    contact: str = Field("", description="Thư điện tử hoặc địa chỉ liên hệ, ghi thêm vào tên xưng.")
    delay_seconds: float = Field(
        2.0, ge=0, description="Giãn cách giữa hai lần tải từ cùng một máy chủ, tính bằng giây."
    )
    timeout_seconds: float = Field(
        30.0, gt=0, description="Thời gian chờ tối đa cho một lần tải, tính bằng giây."
    )
    max_feed_mb: float = Field(
        10.0, gt=0, description="Cỡ lớn nhất của một nguồn tin, tính bằng MB."
    )
    max_page_mb: float = Field(
        10.0, gt=0, description="Cỡ lớn nhất của một trang bài, tính bằng MB."
    )
    max_pages_per_outlet: int = Field(
        400, ge=0, description="Số trang bài tải nhiều nhất của một cơ quan báo chí trong một lượt."
    )
    max_minutes: float = Field(
        120.0, gt=0, description="Thời gian tối đa của một lượt thu thập, tính bằng phút."
    )
    allow_private_hosts: tuple[str, ...] = Field(
        (), description="Máy chủ trong mạng nội bộ được phép tải, ví dụ 10.1.2.3; "
        "ngoài ra địa chỉ nội bộ bị từ chối.",
    )  # fmt: skip
    proxy: str = Field(
        "", description="Máy chủ trung gian, ví dụ http://proxy.bo.gov.vn:3128; để trống là không."
    )


class StorageSettings(_Section):
    """[storage]: where things are kept, inside the home folder."""

    database: str = Field(
        "", description="Địa chỉ cơ sở dữ liệu; để trống là tệp diembao.sqlite trong thư mục nhà."
    )
    archive_segment_mb: float = Field(
        64.0, gt=0, description="Cỡ một tệp lưu trữ WARC trước khi mở tệp mới, tính bằng MB."
    )
    batch_items: int = Field(
        5000, ge=1, description="Số tin xử lý giữa hai lần ghi vào cơ sở dữ liệu."
    )


class TagSettings(_Section):
    """[tag]: the reading of texts."""

    model_folder: str = Field(
        "", description="Thư mục mô hình; để trống là mô hình đi kèm chương trình."
    )


class MeasureSettings(_Section):
    """[measure]: how figures are counted."""

    observed_share: float = Field(
        0.8, gt=0, le=1,
        description="Tỷ lệ ngày quan sát được, dưới mức đó ô trống ghi là “không rõ” thay vì 0.",
    )  # fmt: skip


class ReportSettings(_Section):
    """[report]: how reports are made."""

    window: Literal["bao-cao", "lich"] = Field(
        "bao-cao",
        description="Kỳ của tháng: bao-cao (15 tháng trước đến 14) hoặc lich (ngày 1 đến cuối).",
    )


class AgencySettings(_Section):
    """[co_quan]: the agency that files the reports; what is empty prints as ……"""

    co_quan_chu_quan: str = Field("", description="Tên cơ quan chủ quản.")
    co_quan_ban_hanh: str = Field("", description="Tên cơ quan ban hành báo cáo.")
    ky_hieu: str = Field("", description="Ký hiệu văn bản, ví dụ BC-SNV.")
    dia_danh: str = Field("", description="Địa danh ghi trước ngày tháng.")
    noi_nhan: tuple[str, ...] = Field((), description="Các nơi nhận.")


class ScheduleSettings(_Section):
    """[schedule]: the clock, in Vietnamese time."""

    timezone: str = Field("Asia/Ho_Chi_Minh", description="Múi giờ của lịch chạy.")
    crawl: str = Field("05:30", pattern=_CLOCK, description="Giờ thu thập hằng ngày.")
    tag: str = Field("06:30", pattern=_CLOCK, description="Giờ gắn nhãn hằng ngày.")
    digest: str = Field("07:00", pattern=_CLOCK, description="Giờ làm điểm báo hằng ngày.")
    self_check: str = Field(
        "03:30", pattern=_CLOCK, description="Giờ tự kiểm việc đọc trang của từng cơ quan báo chí."
    )
    poll_minutes: int = Field(
        10, ge=0, le=24 * 60,
        description="Cứ bao nhiêu phút thì hỏi những nguồn tin đã đến lượt; 0 là không hỏi.",
    )  # fmt: skip
    grace_hours: float = Field(
        20.0, gt=0, description="Lượt bị lỡ vẫn được chạy bù nếu chưa muộn quá số giờ này."
    )


class LogSettings(_Section):
    """[log]: what is written to the log."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Mức ghi nhật ký của “diembao schedule”: DEBUG, INFO, WARNING, ERROR."
    )


class Settings(_Section):
    """All settings of one installation."""

    crawl: CrawlSettings = Field(CrawlSettings(), description="Thu thập.")
    storage: StorageSettings = Field(StorageSettings(), description="Lưu trữ.")
    tag: TagSettings = Field(TagSettings(), description="Gắn nhãn.")
    measure: MeasureSettings = Field(MeasureSettings(), description="Đo lường.")
    report: ReportSettings = Field(ReportSettings(), description="Báo cáo.")
    co_quan: AgencySettings = Field(AgencySettings(), description="Cơ quan báo cáo.")
    schedule: ScheduleSettings = Field(ScheduleSettings(), description="Lịch chạy.")
    log: LogSettings = Field(LogSettings(), description="Nhật ký.")


def read_settings(path: Path) -> Settings:
    """Read `config.toml`; raises `UsageError` naming the file, the key and what to do."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UsageError(
            f"Không có tệp cấu hình {path}. Chép config.toml đi kèm chương trình vào đó, "
            "hoặc chỉ tệp khác bằng --config TỆP."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Không đọc được tệp cấu hình {path}: {error}.") from error
    settings = parse_settings(text, str(path))
    folder = settings.crawl.outlets_folder
    if not folder:
        return settings
    # A relative folder is meant from the file that names it, wherever the command is run.
    crawl = settings.crawl.model_copy(update={"outlets_folder": str(path.parent / folder)})
    return settings.model_copy(update={"crawl": crawl})


def parse_settings(text: str, where: str) -> Settings:
    """Read settings from TOML text; `where` names it in errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"Tệp cấu hình {where} viết sai cú pháp TOML: {error}. Sửa dòng đó rồi chạy lại."
        ) from error
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise UsageError(explain(error, f"Tệp cấu hình {where}", Settings)) from error
