"""How a path is shown: terminal, HTML, CSV, JSON. Nothing is computed here."""

from zizhu.report.path.html import page_html
from zizhu.report.path.terminal import path_page, wedge_list, wedge_page
from zizhu.report.path.write import path_json, write_path

__all__ = ["page_html", "path_json", "path_page", "wedge_list", "wedge_page", "write_path"]
