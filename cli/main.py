"""The command `diembao`: options common to all commands, and how errors are told."""

from __future__ import annotations

import importlib
import logging
import sys
from pathlib import Path

import click

from cli import words
from cli.house import House
from domain.errors import DiembaoError, UsageError
from domain.validation import unknown

#: Command: where it is defined, and what it is for in a line. It is imported when it is called: a
#: search need not wait for the crawler and the models to load, nor does the list of commands.
COMMANDS = {
    "init": ("cli.press:init", "Tạo hoặc nâng cấp cơ sở dữ liệu."),
    "run": ("cli.press:run", "Việc chính: thu thập, lưu, gắn nhãn, gộp tin trùng, viết điểm báo."),
    "crawl": ("cli.press:crawl", "Chỉ thu thập và lưu."),
    "tag": ("cli.tagging:tag", "Gắn nhãn bài đã lưu, hoặc các dòng JSON bất kỳ."),
    "extract": ("cli.press:extract", "Đọc các trang đã lưu thành bài."),
    "search": ("cli.search:search", "Tìm bài, có dấu hay không dấu."),
    "export": ("cli.export:export", "Xuất báo cáo tháng, quý, năm của toàn quốc hoặc một cơ quan."),
    "digest": ("cli.export:digest", "Viết điểm báo của một ngày."),
    "measure": ("cli.measure:measure", "Đo các yêu cầu của kế hoạch tuyên truyền."),
    "evidence": ("cli.evidence:evidence", "Gói tài liệu kiểm chứng của một báo cáo."),
    "activities": ("cli.activities:activities", "Hoạt động tuyên truyền ngoài báo chí."),
    "templates": ("cli.templates:templates", "Chép mẫu báo cáo ra để sửa lời văn."),
    "import": ("cli.bring_in:bring_in", "Nhập bài hoặc danh mục bài có sẵn."),
    "events": ("cli.events:events", "Sổ sự kiện chính thức: mẫu số của độ đầy đủ và kịp thời."),
    "plan": ("cli.plan:plan", "Kế hoạch tuyên truyền: xem, viết, ghi chỉ tiêu."),
    "archive": ("cli.archive:archive", "Kiểm tra kho lưu trữ."),
    "outlets": (
        "cli.outlets:outlets",
        "Các cơ quan báo chí, cổng thông tin: xem, khám, ghi trang mẫu.",
    ),
    "schedule": ("cli.schedule:schedule", "Chạy theo lịch trong cấu hình."),
    "worker": ("cli.worker:worker", "Làm việc trong hàng đợi, cùng các máy khác."),
    "doctor": ("cli.doctor:doctor", "Khám cài đặt và nói cách sửa điều chưa ổn."),
    "backup": ("cli.backup:backup", "Sao lưu, có phục hồi thử."),
    "restore": ("cli.backup:restore", "Phục hồi một bản sao lưu."),
    "move": ("cli.move:move", "Chuyển cơ sở dữ liệu sang PostgreSQL."),
    "retention": ("cli.retention:retention", "Dọn trang thô đã cũ mà không số liệu nào dựa vào."),
    "train": ("cli.training:train", "Huấn luyện mô hình từ bài đã gán nhãn."),
    "evaluate": ("cli.training:evaluate", "Chấm điểm bộ gắn nhãn."),
    "review": ("cli.review:review", "Duyệt nhãn trong bảng tính."),
    "alerts": ("cli.alerts:alerts", "Tìm và gửi cảnh báo mà từng người dùng đã chọn."),
    "serve": ("cli.serve:serve", "Mở trang web và API."),
    "user": ("cli.users:user", "Người dùng trang web và khóa API."),
    "demo": ("cli.press:demo", "Chạy thử với báo giả lập trên máy này."),
}


_LOG_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class _Program(click.Group):
    """This finds the commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading any."""
        with formatter.section("Các lệnh"):
            formatter.write_dl([(name, said) for name, (_, said) in COMMANDS.items()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; an unknown one is a `UsageError`."""
        if cmd_name not in COMMANDS:
            raise UsageError(f"{unknown('lệnh', cmd_name, COMMANDS)} Xem: diembao --help")
        module, name = COMMANDS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        command.options_metavar = "[TÙY CHỌN]"
        return command


@click.group(
    cls=_Program,
    help="Điểm Báo: theo dõi báo chí viết về cải cách hành chính.",
    options_metavar="[TÙY CHỌN]",
    subcommand_metavar="LỆNH [THAM SỐ]...",
    context_settings={"max_content_width": 110},
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("config.toml"),
    metavar="TỆP",
    show_default=True,
    help="Tệp cấu hình.",
)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var"),
    metavar="THƯ_MỤC",
    show_default=True,
    help="Thư mục của cơ sở dữ liệu, kho lưu trữ và báo cáo.",
)
@click.version_option(
    package_name="diembao", message="%(package)s %(version)s", help="In phiên bản rồi thoát."
)
@click.pass_context
def program(context: click.Context, config: Path, home: Path) -> None:
    """Every command works on one installation: a configuration and a home folder."""
    context.obj = House(config=config, home=home)


def main() -> None:
    """Run the command; errors go to stderr in Vietnamese, the exit status says what happened."""
    words.speak_vietnamese()
    logging.basicConfig(level=logging.WARNING, format=_LOG_LINE)
    # What it cannot read is told by the program itself, in words an officer can use.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        status = program.main(prog_name="diembao", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Abort:
        click.echo("Đã dừng theo yêu cầu.", err=True)
        sys.exit(1)
    except DiembaoError as error:
        click.echo(f"Lỗi: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has closed it (| head): that is no failure of the work.
        sys.stderr.close()
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)
