"""What a vote is about: six issues by words in the title and the agenda item."""

from __future__ import annotations

import pandas as pd

from worldorder.data.own_tables import own_table
from worldorder.data.voting.records import Records
from worldorder.errors import InputError, did_you_mean


def issue_names() -> list[str]:
    """The issues that votes can be cut by."""
    return own_table("vote_issues")["issue"].tolist()


def about(resolutions: pd.DataFrame, issue: str) -> pd.Series:
    """Whether each resolution is about an issue; one may be about several or none.

    The six issues are those of Voeten's codes; the words are ours (`tables/vote_issues.csv`), and
    how far they agree with his codes is in docs/votes.md.

    Raises:
        InputError: there is no such issue.
    """
    table = own_table("vote_issues").set_index("issue")
    if issue not in table.index:
        raise InputError(
            f"there is no issue {issue!r}",
            fix=did_you_mean(issue, issue_names()) or f"Issues: {', '.join(issue_names())}.",
        )
    text = resolutions["title"] + " | " + resolutions["agenda"]
    return text.str.contains(f"(?:{table.loc[issue, 'pattern']})", regex=True)


def issue_records(records: Records, issue: str) -> Records:
    """The records about one issue.

    Raises:
        InputError: there is no such issue, or no vote about it.
    """
    return records.where(about(records.resolutions, issue))
