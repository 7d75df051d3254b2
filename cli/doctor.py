"""`diembao doctor`: what is well with this installation, what is not, and what to do."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from cli.house import House
from domain.clock import system_clock
from pipeline.couriers import couriers
from pipeline.doctor import Finding, Grade, examine


@click.command(
    help="Khám toàn bộ cài đặt: cấu hình, quyền, giờ máy, mô hình, cơ sở dữ liệu, đĩa, kho lưu "
    "trữ, nguồn tin, lịch, sao lưu, cảnh báo; mỗi điều chưa ổn kèm cách sửa. Có điều hỏng thì kết "
    "thúc với mã 1.",
    short_help="Khám cài đặt và nói cách sửa điều chưa ổn.",
)
@click.option("--full", is_flag=True, help="Đọc lại toàn bộ cơ sở dữ liệu (có thể mất vài phút).")
@click.option("--send-test", is_flag=True, help="Gửi thử một cảnh báo theo mục [notices].")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
@click.pass_obj
def doctor(house: House, full: bool, send_test: bool, as_json: bool) -> None:
    """Examine the installation and print what was found."""
    if send_test:
        _send_test(house)
        return
    findings = []
    for finding in examine(house.settings, house.home, clock=system_clock, thorough=full):
        findings.append(finding)
        if not as_json:
            click.echo(_line(finding))
    bad = [finding for finding in findings if finding.grade is Grade.BAD]
    if as_json:
        said = {"ok": not bad, "findings": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
    if bad:
        click.echo(f"Lỗi: {len(bad)} điều hỏng cần sửa.", err=True)
        sys.exit(1)


def _line(finding: Finding) -> str:
    remedy = f"\n  Cách sửa: {finding.remedy}" if finding.remedy else ""
    return f"[{finding.grade}] {finding.about}: {finding.said}{remedy}"


def _send_test(house: House) -> None:
    ways = couriers(house.settings().notices)
    if not ways:
        raise click.UsageError(
            "Chưa khai nơi nhận cảnh báo: điền email_to và smtp_host, hoặc webhook_url, "
            "ở mục [notices]."
        )
    for way in ways:
        way("[diembao] Thư thử", "Đây là thư thử: cảnh báo của diembao tới được nơi này.")
    click.echo(f"Đã gửi thử bằng {len(ways)} cách.")
