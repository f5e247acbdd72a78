"""The people whose accounts are printed, so that anybody can sign in as each of the product's users."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "valdora-demo-2026"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demonstration: `role` as printed, `grants` what it holds and over which agency."""

    role: str
    email: str
    name: str
    agency: str
    family: str
    title: str
    grants: tuple[str, ...] = ()


ACCOUNTS = (
    DemoAccount("learner", "amina@valdora.example", "Amina Diallo", "FIN-TAX", "CA", "Case officer"),
    DemoAccount("hr officer", "hr@valdora.example", "Hana Lindqvist", "FIN", "LD", "HR officer", ("hr_officer",)),
    DemoAccount("trainer", "trainer@valdora.example", "Tomás Herrera", "DIG-ACA", "LD", "Trainer", ("trainer@GOV",)),
    DemoAccount(
        "line manager", "manager@valdora.example", "Mariam Okafor", "FIN-TAX", "MG", "Team leader", ("line_manager",)
    ),
    DemoAccount("auditor", "auditor@valdora.example", "Jonas Keller", "GOV", "PA", "Auditor", ("auditor@GOV",)),
    DemoAccount(
        "administrator", "admin@valdora.example", "Sigrid Falk", "DIG-ITS", "SO", "System owner", ("administrator",)
    ),
    DemoAccount("hr officer", "hr.health@valdora.example", "Farid Rahimi", "HLT", "LD", "HR officer", ("hr_officer",)),
)
