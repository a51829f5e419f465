"""How technology chains are shown: terminal, HTML, CSV, JSON. Nothing is computed here."""

from zizhu.report.chains.html import page_html
from zizhu.report.chains.node import node_page
from zizhu.report.chains.ranking import ranking_page
from zizhu.report.chains.terminal import chain_list, chain_page
from zizhu.report.chains.write import (
    list_json,
    look_json,
    ranking_json,
    write_look,
    write_ranking,
)

__all__ = [
    "chain_list",
    "chain_page",
    "list_json",
    "look_json",
    "node_page",
    "page_html",
    "ranking_json",
    "ranking_page",
    "write_look",
    "write_ranking",
]
