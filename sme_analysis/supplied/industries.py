"""Names of industries in the official tables, to the sections of GB/T 4754-2017.

The bulletin and the yearbook have named the sections after three editions of the standard (2002,
2011, 2017) and in several English translations. The letters printed in old tables are those of
2002, which gave some sections other letters: only names count.
"""

from __future__ import annotations

import re

from ..matching import fold

# Chinese without punctuation and without the words for "and" and "of".
_ZH = {
    "A": "农林牧渔业?(服务业)?",
    "B": "采(矿|掘)业?",
    "C": "制造业?",
    "D": "电力(热力)?(燃气|煤气)?水?生产供应业?",
    "E": "建筑业?",
    "F": "批发零售(贸易)?业?",
    "G": "交通运输仓储(邮政)?业?",
    "H": "住宿餐饮业?",
    "I": "信息传输(计算机|软件|信息技术|服务)*业?",
    "J": "金融业?",
    "K": "房地产业?",
    "L": "租赁商务服务业?",
    "M": "科学研究(综合)?技术服务(地质勘查)?业?",
    "N": "水利环境公共设施管理业?",
    "O": "居民服务(修理)?其他服务业?",
    "P": "教育业?",
    "Q": "卫生(社会保障)?(社会福利|社会工作|社会保险)?业?",
    "R": "文化体育娱乐业?",
    "S": "公共管理(社会保障)?社会组织",
    "T": "国际组织",
}
# English as `fold` leaves it, without the filler words below.
_EN = {
    "A": "(agriculture|farming) forestry animal husbandry (fishery|fisheries|fishing)|agriculture",
    "B": "mining( quarrying)?",
    "C": "manufactur(ing|e)",
    "D": "((production|supply|distribution|heat|heating|electric|electricity|power|gas|water) ?)+",
    "E": "construction",
    "F": "wholesale retail( trades?| sales?)?",
    "G": "(transport|transportation|traffic)( storage| warehousing)?( post| postal| mail)?",
    "H": "(hotels?|lodging|accommodation)( catering| restaurants?)?",
    "I": "information transmission( computers?| software| information| technolog(y|ies))*",
    "J": "finance|financial( intermediation)?",
    "K": "real estate",
    "L": "(leasing|renting|rental|lease) (business|commercial)",
    "M": r"scientific research( polytechnic| technical| technolog\w+| geolog\w+| prospecting)*",
    "N": r"(management )?water conservancy environment(al)?( public)?( facilit\w+)?( management)?",
    "O": "(residents?|residential|households?)( repair(ing)?)?( other)?",
    "P": "education",
    "Q": "(health|healthcare|sanitation)( care| social| security| insurance| welfare| works?)*",
    "R": "culture sports?( entertainment| recreation)?",
    "S": "public (management|administration)( social| security| insurance| organi[sz]ations?)*",
    "T": "international organi[sz]ations?",
}
_FILLERS = r"\b(and|of|the|to|in|services?|industry|industries|sector|its|activities)\b"
_CHINESE = {section: re.compile(pattern) for section, pattern in _ZH.items()}
_ENGLISH = {section: re.compile(pattern) for section, pattern in _EN.items()}


def section(name: str) -> str | None:
    """Return the section of GB/T 4754-2017 that a name means; None if it is no section's name.

    Parameters
    ----------
    name : str
        Chinese or English, with or without a letter in front.

    Examples
    --------
    >>> section("信息传输、计算机服务和软件业"), section("Mining"), section("装备制造业")
    ('I', 'B', None)
    """
    if re.search(r"[\u3400-\u9fff]", name):
        plain = re.sub(r"[^\u3400-\u9fff]|以及|[和与及的]", "", name)
        found = [key for key, pattern in _CHINESE.items() if pattern.fullmatch(plain)]
    else:
        found = [key for form in _forms(name) for key in _english(form)][:1]
    return found[0] if len(found) == 1 else None


def _forms(name: str) -> list[str]:
    """The name, and the name without a section letter or number before it."""
    bare = re.sub(r"^\(?[A-T](?:[.):]\s*|\s+)", "", name)
    return [name] if bare == name else [name, bare]


def _english(name: str) -> list[str]:
    plain = " ".join(re.sub(_FILLERS, " ", fold(name)).split())
    if not re.search(r"[a-z]{4}", plain):
        return []
    found = [key for key, pattern in _ENGLISH.items() if pattern.fullmatch(plain)]
    # "Water" and "gas" alone are no section; the section supplies electricity above all.
    return [key for key in found if key != "D" or re.search("electric|power", plain)]


def classification(year: int) -> str:
    """Return the edition of the standard in force at the end of a year.

    >>> classification(2010), classification(2016), classification(2021)
    ('gbt_4754_2002', 'gbt_4754_2011', 'gbt_4754_2017')
    """
    if year >= 2017:
        return "gbt_4754_2017"
    return "gbt_4754_2011" if year >= 2011 else "gbt_4754_2002"
