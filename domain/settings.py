"""Settings: what `config.toml` may say, each with its default and its help.

Every field is declared once, here; `docs/settings.md` and the errors are made from it. The file is
the only one an operator edits, so everything said about it is Vietnamese.
"""

from __future__ import annotations

import tomllib
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from domain.errors import UsageError
from domain.validation import explain

#: What may stand in an HTTP header.
_ASCII = r"^[\x20-\x7e]*$"
#: Beside the configuration: an officer's own plans, where the file names no other folder.
OWN_PLANS = "ke-hoach"
_CLOCK_OR_OFF = r"^(([01]\d|2[0-3]):[0-5]\d)?$"


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
    own_outlets_folder: str = Field(
        "", description="Thư mục khai báo riêng, thêm vào các khai báo trên và luôn được theo dõi, "
        "tính từ tệp cấu hình; để trống là thư mục nguon-rieng trong thư mục nhà.",
    )  # fmt: skip
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
    bind_address: str = Field(
        "",
        description="Địa chỉ của chính máy này dùng để đi tải, khi máy có nhiều địa chỉ; để trống "
        "là tùy hệ điều hành.",
    )

    @field_validator("bind_address")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        try:
            return str(ip_address(value)) if value else ""
        except ValueError as error:
            raise ValueError(f"“{value}” không phải địa chỉ IP; ví dụ 10.1.2.3") from error


class StorageSettings(_Section):
    """[storage]: where things are kept, inside the home folder."""

    database: str = Field(
        "", description="Địa chỉ cơ sở dữ liệu, ví dụ postgresql://diembao@may-chu/diembao; để "
        "trống là tệp diembao.sqlite trong thư mục nhà. Biến môi trường DIEMBAO_DATABASE_URL thay "
        "cho mục này.",
    )  # fmt: skip
    archive_segment_mb: float = Field(
        64.0, gt=0, description="Cỡ một tệp lưu trữ WARC trước khi mở tệp mới, tính bằng MB."
    )
    batch_items: int = Field(
        5000, ge=1, description="Số tin xử lý giữa hai lần ghi vào cơ sở dữ liệu."
    )


class EngineSettings(_Section):
    """[engine]: what carries the work."""

    kind: Literal["embedded", "postgres"] = Field(
        "embedded",
        description="Ai làm việc: embedded (chính tiến trình của lịch, trên một máy) hoặc postgres "
        "(hàng đợi trong PostgreSQL, các tiến trình “diembao worker” trên nhiều máy cùng làm).",
    )
    outlets_at_once: int = Field(
        32, ge=1, le=500,
        description="Mỗi worker thu thập cùng lúc nhiều nhất bấy nhiêu cơ quan báo chí.",
    )  # fmt: skip


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


class PlanSettings(_Section):
    """[plan]: the plans that the figures are held against."""

    folder: str = Field(
        "", description="Thư mục kế hoạch và chỉ tiêu riêng, tính từ tệp cấu hình; "
        "để trống là thư mục ke-hoach cạnh tệp cấu hình.",
    )  # fmt: skip


class ReportSettings(_Section):
    """[report]: how reports are made."""

    window: Literal["bao-cao", "lich"] = Field(
        "bao-cao",
        description="Kỳ của tháng: bao-cao (15 tháng trước đến 14) hoặc lich (ngày 1 đến cuối).",
    )
    templates_folder: str = Field(
        "", description="Thư mục mẫu báo cáo, điểm báo riêng (diembao templates export), tính từ "
        "tệp cấu hình; để trống là mẫu đi kèm chương trình.",
    )  # fmt: skip


class AgencySettings(_Section):
    """[co_quan]: the agency that files the reports; what is empty prints as ……"""

    co_quan_chu_quan: str = Field("", description="Tên cơ quan chủ quản.")
    co_quan_ban_hanh: str = Field("", description="Tên cơ quan ban hành báo cáo.")
    ky_hieu: str = Field("", description="Ký hiệu văn bản, ví dụ BC-SNV.")
    dia_danh: str = Field("", description="Địa danh ghi trước ngày tháng.")
    noi_nhan: tuple[str, ...] = Field((), description="Các nơi nhận.")


class ScheduleSettings(_Section):
    """[schedule]: the clock, in Vietnamese time; a job without an hour is off."""

    timezone: str = Field("Asia/Ho_Chi_Minh", description="Múi giờ của lịch chạy.")
    crawl: str = Field(
        "05:30", pattern=_CLOCK_OR_OFF,
        description="Giờ thu thập hằng ngày; mỗi việc dưới đây để trống giờ là không chạy.",
    )  # fmt: skip
    tag: str = Field(
        "06:30", pattern=_CLOCK_OR_OFF, description="Giờ gắn nhãn, gộp tin trùng hằng ngày."
    )
    measure: str = Field(
        "06:45", pattern=_CLOCK_OR_OFF, description="Giờ tính số liệu của kỳ đang chạy hằng ngày."
    )
    digest: str = Field("07:00", pattern=_CLOCK_OR_OFF, description="Giờ làm điểm báo hằng ngày.")
    export: str = Field(
        "08:00", pattern=_CLOCK_OR_OFF, description="Giờ xuất báo cáo tháng, vào ngày export_day."
    )
    export_day: int = Field(
        15, ge=1, le=28, description="Ngày trong tháng xuất báo cáo của tháng vừa khép lại."
    )
    export_formats: tuple[str, ...] = Field(
        ("xlsx", "csv"), description="Các định dạng của báo cáo tháng xuất theo lịch."
    )
    audit: str = Field(
        "09:00", pattern=_CLOCK_OR_OFF,
        description="Giờ rút mẫu rà soát ngẫu nhiên, vào ngày export_day.",
    )  # fmt: skip
    self_check: str = Field(
        "03:30", pattern=_CLOCK_OR_OFF,
        description="Giờ tự kiểm việc đọc trang của từng cơ quan báo chí.",
    )  # fmt: skip
    backup: str = Field("01:30", pattern=_CLOCK_OR_OFF, description="Giờ sao lưu hằng ngày.")
    retention: str = Field(
        "02:30", pattern=_CLOCK_OR_OFF, description="Giờ dọn trang thô đã cũ, vào Chủ nhật."
    )
    weekly: str = Field(
        "08:30", pattern=_CLOCK_OR_OFF, description="Giờ gửi thư “mọi việc ổn”, vào thứ Hai."
    )
    watch_minutes: int = Field(
        60, ge=0, le=24 * 60,
        description="Cứ bao nhiêu phút thì xem nguồn tin nào mất tín hiệu, đĩa còn đủ không; "
        "0 là không xem.",
    )  # fmt: skip
    alerts_minutes: int = Field(
        60, ge=0, le=24 * 60,
        description="Cứ bao nhiêu phút thì tìm và gửi cảnh báo cho từng người dùng; 0 là không.",
    )  # fmt: skip
    poll_minutes: int = Field(
        10, ge=0, le=24 * 60,
        description="Cứ bao nhiêu phút thì hỏi những nguồn tin đã đến lượt; 0 là không hỏi.",
    )  # fmt: skip
    grace_hours: float = Field(
        20.0, gt=0,
        description="Lượt hằng ngày bị lỡ vẫn được chạy bù nếu chưa muộn quá số giờ này; "
        "lượt hằng tuần, hằng tháng luôn được chạy bù.",
    )  # fmt: skip
    limit_minutes: float = Field(
        180.0, gt=0,
        description="Một việc chạy quá số phút này thì bị dừng và báo lại; việc thu thập được thêm "
        "thời gian cho đủ max_minutes của [crawl].",
    )  # fmt: skip
    health_address: str = Field(
        "127.0.0.1:8787", pattern=r"^(\S+:\d{1,5})?$",
        description="Địa chỉ trang tình trạng (/healthz, /readyz, /metrics); để trống là không mở.",
    )  # fmt: skip

    @field_validator("timezone")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"không có múi giờ “{value}”; ví dụ Asia/Ho_Chi_Minh")
        return value


class BackupSettings(_Section):
    """[backup]: where backups go and how many are kept."""

    folder: str = Field(
        "", description="Thư mục nhận bản sao lưu, nên ở đĩa khác; để trống là backups trong "
        "thư mục nhà.",
    )  # fmt: skip
    keep_daily: int = Field(7, ge=1, description="Giữ bản cuối của bao nhiêu ngày gần nhất.")
    keep_weekly: int = Field(5, ge=0, description="Giữ bản cuối của bao nhiêu tuần gần nhất.")
    keep_monthly: int = Field(12, ge=0, description="Giữ bản cuối của bao nhiêu tháng gần nhất.")


class RetentionSettings(_Section):
    """[retention]: how long raw pages that no figure rests on are kept."""

    pages_days: int = Field(
        400, ge=30, description="Giữ trang thô của bài không liên quan trong bao nhiêu ngày."
    )
    lists_days: int = Field(
        180, ge=30, description="Giữ bản chụp nguồn tin không bài nào dựa vào trong bao nhiêu ngày."
    )
    apply: bool = Field(
        False, description="Lượt dọn theo lịch có thực sự xóa (true) hay chỉ báo sẽ xóa gì (false)."
    )


class NoticeSettings(_Section):
    """[notices]: whom to tell when something is wrong; all empty: only the log is told."""

    email_to: tuple[str, ...] = Field((), description="Các địa chỉ thư nhận cảnh báo.")
    email_from: str = Field("diembao@localhost", description="Địa chỉ thư gửi cảnh báo.")
    smtp_host: str = Field("", description="Máy chủ gửi thư; để trống là không gửi thư.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Cổng của máy chủ gửi thư.")
    smtp_security: Literal["starttls", "ssl", "none"] = Field(
        "starttls", description="Cách bảo vệ kết nối gửi thư: starttls, ssl hoặc none."
    )
    smtp_user: str = Field("", description="Tên đăng nhập máy chủ gửi thư; để trống là không cần.")
    smtp_password_file: str = Field(
        "", description="Tệp chứa mật khẩu gửi thư, chỉ người chạy diembao đọc được."
    )
    webhook_url: str = Field(
        "", description="Địa chỉ nhận cảnh báo dạng JSON (POST); để trống là không dùng."
    )
    disk_days: float = Field(
        7.0, gt=0, description="Báo trước khi đĩa sẽ đầy trong vòng bao nhiêu ngày."
    )
    repeat_days: float = Field(
        3.0, gt=0, description="Một cảnh báo chưa được xử lý thì nhắc lại sau bao nhiêu ngày."
    )


class AlertSettings(_Section):
    """[alerts]: alerts that people ask for; they leave by the mail server of [notices]."""

    webhook_hosts: tuple[str, ...] = Field(
        (), description="Các máy chủ mà người dùng được gửi cảnh báo của mình tới bằng webhook, ví "
        "dụ chat.coquan.gov.vn; để trống là không ai dùng được webhook.",
    )  # fmt: skip


class WebSettings(_Section):
    """[web]: the dashboard and the API."""

    address: str = Field(
        "127.0.0.1:8080", pattern=r"^\S+:\d{1,5}$",
        description="Địa chỉ mà “diembao serve” mở trang, dạng máy:cổng.",
    )  # fmt: skip
    public_url: str = Field(
        "", pattern=r"^(https?://[^\s?#]+)?$",
        description="Địa chỉ mà người dùng mở trang, ví dụ https://diembao.coquan.gov.vn; để trống "
        "thì thư cảnh báo không kèm đường dẫn.",
    )  # fmt: skip
    https: bool = Field(
        False, description="Người dùng mở trang qua https (nhờ máy chủ đứng trước): cookie chỉ gửi "
        "qua https.",
    )  # fmt: skip
    trusted_proxies: tuple[str, ...] = Field(
        ("127.0.0.1",),
        description="Địa chỉ các máy chủ đứng trước mà lời khai địa chỉ người dùng được tin.",
    )
    session_hours: float = Field(
        12.0, gt=0, le=24 * 31, description="Một lần đăng nhập có giá trị bao nhiêu giờ."
    )
    api_per_minute: int = Field(
        120, ge=1, description="Số lần một khóa API được hỏi trong một phút."
    )


class LogSettings(_Section):
    """[log]: what is written to the log."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Mức ghi nhật ký của “diembao schedule”: DEBUG, INFO, WARNING, ERROR."
    )
    format: Literal["text", "json"] = Field(
        "text", description="Dạng nhật ký: text (dòng chữ) hoặc json (mỗi dòng một đối tượng)."
    )
    file: str = Field(
        "", description="Tệp nhật ký, tính từ thư mục nhà; để trống là ghi ra stderr."
    )
    max_mb: float = Field(
        10.0, gt=0, description="Cỡ tệp nhật ký trước khi mở tệp mới, tính bằng MB."
    )
    keep: int = Field(10, ge=1, description="Giữ bao nhiêu tệp nhật ký cũ.")


class Settings(_Section):
    """All settings of one installation."""

    crawl: CrawlSettings = Field(CrawlSettings(), description="Thu thập.")
    storage: StorageSettings = Field(StorageSettings(), description="Lưu trữ.")
    engine: EngineSettings = Field(EngineSettings(), description="Động cơ.")
    tag: TagSettings = Field(TagSettings(), description="Gắn nhãn.")
    measure: MeasureSettings = Field(MeasureSettings(), description="Đo lường.")
    plan: PlanSettings = Field(PlanSettings(), description="Kế hoạch tuyên truyền.")
    report: ReportSettings = Field(ReportSettings(), description="Báo cáo.")
    co_quan: AgencySettings = Field(AgencySettings(), description="Cơ quan báo cáo.")
    schedule: ScheduleSettings = Field(ScheduleSettings(), description="Lịch chạy.")
    backup: BackupSettings = Field(BackupSettings(), description="Sao lưu.")
    retention: RetentionSettings = Field(RetentionSettings(), description="Thời hạn lưu trang thô.")
    notices: NoticeSettings = Field(NoticeSettings(), description="Cảnh báo cho người vận hành.")
    alerts: AlertSettings = Field(AlertSettings(), description="Cảnh báo cho người dùng.")
    web: WebSettings = Field(WebSettings(), description="Trang web và API.")
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
    return _from_its_folder(parse_settings(text, str(path)), path.parent)


def _from_its_folder(settings: Settings, place: Path) -> Settings:
    """A relative folder is meant from the file that names it, wherever the command is run."""
    own = settings.plan.folder or OWN_PLANS
    changes: dict[str, _Section] = {
        "plan": settings.plan.model_copy(update={"folder": str(place / own)})
    }
    written = {
        "outlets_folder": settings.crawl.outlets_folder,
        "own_outlets_folder": settings.crawl.own_outlets_folder,
    }
    changes["crawl"] = settings.crawl.model_copy(
        update={key: str(place / folder) for key, folder in written.items() if folder}
    )
    if folder := settings.report.templates_folder:
        changes["report"] = settings.report.model_copy(
            update={"templates_folder": str(place / folder)}
        )
    return settings.model_copy(update=changes)


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
