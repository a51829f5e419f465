"""How an outcome is shown: terminal, HTML, tables. Nothing is computed here."""

from zizhu.report.html import report_html
from zizhu.report.terminal import comparison, verdict
from zizhu.report.write import check_folder, write

__all__ = ["check_folder", "comparison", "report_html", "verdict", "write"]
