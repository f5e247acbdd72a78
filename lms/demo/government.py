"""Valdora: a government that exists nowhere, its agencies, and how well each of them gets its people to learn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlannedAgency:
    """An agency of the demonstration.

    `weight` is its share of staff; `begins` the month in which it takes up the yearly course; `reaches` the
    share of its people who take it in time or late; `renews` the share of those who renew it; `skilled` how
    far its people meet the targets of their role (0 to 1).
    """

    code: str
    name: str
    kind: str
    parent: str | None
    weight: int
    begins: float
    reaches: float
    renews: float
    skilled: float


def _agency(line: str) -> PlannedAgency:
    code, name, kind, parent, weight, begins, reaches, renews, skilled = (part.strip() for part in line.split("|"))
    figures = float(begins), float(reaches), float(renews), float(skilled)
    return PlannedAgency(code, name, kind, parent or None, int(weight), *figures)


NAME = "Government of Valdora"
AGENCIES = tuple(
    _agency(line)
    for line in f"""\
GOV         | {NAME}                             | government |         |  14 | 1.0 | .93 | .85 | .40
FIN         | Ministry of Finance                | ministry   | GOV     |  62 | 0.3 | .93 | .82 | .34
FIN-TAX     | Tax and Customs Authority          | agency     | FIN     | 186 | 0.8 | .90 | .74 | .24
FIN-TAX-ONL | Online Services Unit               | unit       | FIN-TAX |  24 | 0.2 | .98 | .95 | .62
FIN-BUD     | Budget Office                      | agency     | FIN     |  41 | 1.5 | .86 | .70 | .30
FIN-PRO     | Public Procurement Agency          | agency     | FIN     |  48 | 3.5 | .62 | .50 | .12
HLT         | Ministry of Health                 | ministry   | GOV     |  58 | 1.2 | .88 | .72 | .22
HLT-HOS     | Public Hospitals Agency            | agency     | HLT     | 214 | 4.0 | .70 | .52 | .10
HLT-MED     | Medicines Agency                   | agency     | HLT     |  46 | 0.6 | .94 | .86 | .36
HLT-INS     | Health Insurance Fund              | agency     | HLT     |  95 | 2.4 | .82 | .66 | .18
EDU         | Ministry of Education and Skills   | ministry   | GOV     |  52 | 1.0 | .90 | .80 | .30
EDU-SCH     | School Service                     | agency     | EDU     | 132 | 2.8 | .80 | .64 | .20
EDU-QUA     | Qualifications Agency              | agency     | EDU     |  38 | 1.4 | .92 | .84 | .34
INT         | Ministry of the Interior           | ministry   | GOV     |  64 | 1.8 | .86 | .70 | .20
INT-CIV     | Civil Registry                     | agency     | INT     | 108 | 2.0 | .85 | .68 | .18
INT-IMM     | Immigration Service                | agency     | INT     | 121 | 3.0 | .74 | .58 | .12
INT-EMG     | Emergency Management Agency        | agency     | INT     |  44 | 1.0 | .95 | .88 | .28
JUS         | Ministry of Justice                | ministry   | GOV     |  47 | 2.2 | .84 | .66 | .20
JUS-CRT     | Court Administration               | agency     | JUS     | 117 | 5.5 | .58 | .40 | .08
JUS-PRI     | Prison Service                     | agency     | JUS     | 126 | 3.8 | .72 | .56 | .10
ENV         | Ministry of Environment and Works  | ministry   | GOV     |  49 | 1.6 | .88 | .74 | .24
ENV-WAT     | Water Authority                    | agency     | ENV     |  63 | 2.6 | .80 | .62 | .16
ENV-ROA     | Roads Agency                       | agency     | ENV     |  82 | 3.2 | .76 | .60 | .14
ENV-LAN     | Land Registry                      | agency     | ENV     |  57 | 1.2 | .91 | .80 | .28
DIG         | Ministry of Digital Affairs        | ministry   | GOV     |  42 | 0.1 | .98 | .94 | .58
DIG-ACA     | Civil Service Academy              | agency     | DIG     |  33 | 0.1 | .99 | .95 | .60
DIG-STA     | National Statistics Office         | agency     | DIG     |  68 | 0.5 | .96 | .88 | .46
DIG-ITS     | Government IT Services             | agency     | DIG     |  79 | 0.3 | .97 | .90 | .54
""".splitlines()
)

FAMILY_SHARES: dict[str, dict[str, int]] = {
    "government": {"PA": 4, "SL": 3, "MG": 2, "CA": 2},
    "ministry": {"PA": 34, "CA": 26, "MG": 12, "SL": 4, "SO": 14, "LD": 6, "FL": 4},
    "agency": {"FL": 38, "CA": 34, "MG": 9, "SO": 9, "PA": 5, "LD": 3, "SL": 2},
    "unit": {"SO": 70, "MG": 10, "CA": 20},
}
TITLES: dict[str, tuple[str, ...]] = {
    "FL": ("Service adviser", "Counter officer", "Contact centre adviser", "Field officer"),
    "CA": ("Case officer", "Administrator", "Records officer", "Finance assistant"),
    "PA": ("Policy analyst", "Legal officer", "Economist", "Research officer"),
    "SO": ("Service owner", "Product manager", "Developer", "Service designer"),
    "MG": ("Team leader", "Head of section", "Operations manager"),
    "SL": ("Director", "Deputy director general", "Head of department"),
    "LD": ("HR officer", "Trainer", "Learning adviser"),
}
GRADES: dict[str, tuple[str, ...]] = {
    "FL": ("G2", "G3"),
    "CA": ("G3", "G4"),
    "PA": ("G5", "G6"),
    "SO": ("G5", "G6"),
    "MG": ("G6", "G7"),
    "SL": ("G8", "G9"),
    "LD": ("G4", "G5"),
}
EMPLOYMENT: dict[str, int] = {"permanent": 82, "fixed_term": 12, "contractor": 6}
