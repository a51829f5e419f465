"""How an answer about dependence is shown: terminal, HTML, CSV. Nothing is computed here."""

from zizhu.report.dependence.html import page_html
from zizhu.report.dependence.terminal import answer_page
from zizhu.report.dependence.write import write_dependence

__all__ = ["answer_page", "page_html", "write_dependence"]
