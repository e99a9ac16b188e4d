"""A state in an institution through its notices and accessions: what is valid, what follows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import NamedTuple

from worldorder.dynamics.levers import BodyLever
from worldorder.errors import InputError


class Effect(NamedTuple):
    """What happens to a membership, and on which day."""

    date: datetime.date
    kind: BodyLever


@dataclass
class Membership:
    """One state in one institution, told its moves in the order of their dates."""

    member: bool
    leaves: datetime.date | None = None  # when the notice given runs out
    effects: list[Effect] = field(default_factory=list[Effect])

    def give_notice(self, day: datetime.date, leaves: datetime.date, agreed: bool = False) -> None:
        """Announce withdrawal on a day; membership ends when the notice runs out.

        A withdrawal that the others agree to is no notice that trust would read.

        Raises:
            InputError: not a member, or notice was given before.
        """
        self._reach(day)
        if not self.member:
            raise InputError("is not recorded as a member of", "Only a member can leave.")
        if self.leaves is not None:
            raise InputError("has already given notice to", f"Membership ends on {self.leaves}.")
        self.leaves = leaves
        if not agreed:
            self.effects.append(Effect(day, BodyLever.NOTICE))

    def join(self, day: datetime.date) -> None:
        """Join, or take back a notice that still runs.

        Raises:
            InputError: a member already.
        """
        self._reach(day)
        if self.leaves is not None:
            self.leaves = None
        elif self.member:
            raise InputError("is already a member of", "Take the lever out, or leave first.")
        else:
            self.member = True
            self.effects.append(Effect(day, BodyLever.ACCESSION))

    def close(self) -> list[Effect]:
        """All that happened, after the last move."""
        self._reach(datetime.date.max)
        return self.effects

    def _reach(self, day: datetime.date) -> None:
        if self.leaves is not None and self.leaves <= day:
            self.effects.append(Effect(self.leaves, BodyLever.EXIT))
            self.member, self.leaves = False, None
