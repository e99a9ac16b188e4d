"""How do our estimates of security compare with what the literature reports, in sign and size?

`docs/validation/published.yaml` holds the findings, `published.md` is written from it and from the
shipped parameters: `python -m worldorder.inference.published`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from worldorder.parameters.loader import Parameter, load_parameters
from worldorder.results.files import write_whole

MECHANISMS: Final = (
    "alliances", "pact_foundings", "disputes", "trust", "stance", "arming", "credibility",
    "alignment",
)  # fmt: skip
FOLDER: Final = Path("docs/validation")
CLEAR: Final = 1.96  # standard errors
READ: Final = {
    "abstract": "abstract",
    "text": "text",
    "specification": "the project's specification",
    "recalled": "**from general knowledge, to be checked**",
}
HEAD: Final = """# Our estimates beside published ones

Written by `python -m worldorder.inference.published` from `published.yaml` and the shipped
parameters; not edited by hand. Ours is the value (standard error) of
[alliances](../mechanisms/alliances.md), [disputes](../mechanisms/disputes.md),
[trust](../mechanisms/trust.md), [stance](../mechanisms/stance.md),
[arms](../mechanisms/arms.md) and [alignment](../mechanisms/alignment.md), log hazards a year unless
said otherwise. *Verdict* compares signs; where the published size can be put on our scale it also
says whether that size lies within two standard errors of ours. Published samples and covariates
differ from ours and from each other, so neither agreement nor its lack is a test. Sizes were read
where an abstract or an open text gives them; no table of a paper behind a wall was read. A DOI with
a question mark is recalled and to be checked.
"""
Sign = Literal[
    "raises", "lowers", "none", "contested", "nearness raises", "nearness and size raise"
]


class Finding(BaseModel):
    """What one publication reports of some of our parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    parameters: tuple[str, ...]
    sign: Sign
    size: str
    value: float | None = None  # on our scale
    reference: str
    doi: str | None = None
    doi_recalled: bool = False  # not seen in print, to be checked
    sample: str
    read: Literal["abstract", "text", "specification", "recalled"]


class Without(BaseModel):
    """Why parameters stand without a published counterpart; names may be patterns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    parameters: tuple[str, ...]
    reason: str


class Published(BaseModel):
    """The table of findings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    findings: tuple[Finding, ...]
    without: tuple[Without, ...]


def read_published(folder: Path = FOLDER) -> Published:
    """The findings, as the file has them."""
    text = (folder / "published.yaml").read_text("utf-8")
    return Published(**YAML(typ="safe").load(text))


def estimated() -> dict[str, Parameter]:
    """Estimated parameters of security as `mechanism.name`."""
    shipped = load_parameters()
    return {
        f"{mechanism}.{name}": parameter
        for mechanism in MECHANISMS
        for name, parameter in shipped[mechanism].items()
        if parameter.status == "estimated"
    }


def verdict(finding: Finding, name: str, ours: Parameter) -> str:
    """Whether ours has the published sign, and the published size within its error."""
    error = ours.standard_error or 0.0
    if ours.distribution != "normal" or not error:
        return "not of one kind"
    if finding.value is not None:
        within = abs(ours.value - finding.value) <= CLEAR * error
        size = "; the published size is " + ("within" if within else "outside") + " our error"
    else:
        size = ""
    return _signs(finding.sign, name, ours.value / error) + size


def _signs(sign: Sign, name: str, score: float) -> str:
    if sign == "contested":
        return "no sign to compare"
    clear = abs(score) >= CLEAR
    if sign == "none":
        return "an effect here" if clear else "none here either"
    rises = sign == "raises" or (sign.startswith("nearness") and not name.endswith("distance"))
    same = (score > 0) == rises
    if not clear:
        return f"not told from nothing here ({'same' if same else 'opposite'} sign)"
    return "same sign" if same else "**opposite sign**"


def page(found: Published) -> str:
    """Markdown: a table a mechanism, then what has no counterpart."""
    ours = estimated()
    lines = [HEAD]
    for mechanism in MECHANISMS:
        rows = list(_rows(found, mechanism, ours))
        if rows:
            lines += [
                f"\n## {mechanism}\n",
                "| parameter | ours | verdict | published | reference | sample | read in |",
                "|---|---|---|---|---|---|---|",
                *rows,
            ]
    lines += ["\n## Without a published counterpart\n"]
    lines += [f"- {', '.join(f'`{n}`' for n in w.parameters)}: {w.reason}" for w in found.without]
    return "\n".join(lines) + "\n"


def _rows(found: Published, mechanism: str, ours: dict[str, Parameter]) -> Iterator[str]:
    for finding in found.findings:
        for name in finding.parameters:
            if name.split(".")[0] != mechanism:
                continue
            one = ours[name]
            log = " log" if one.distribution == "lognormal" else ""
            value = f"{one.value:.3g} ({one.standard_error or 0:.2g}{log})"
            doubt = " (?)" if finding.doi_recalled else ""
            where = finding.reference + (f", doi:{finding.doi}{doubt}" if finding.doi else "")
            yield (
                f"| {name.split('.')[1]} | {value} | {verdict(finding, name, one)} | "
                f"{finding.sign}: {finding.size} | {where} | {finding.sample} | "
                f"{READ[finding.read]} |"
            )


def uncovered(found: Published) -> list[str]:
    """Estimated parameters with neither a finding nor a reason."""
    named = [n for finding in found.findings for n in finding.parameters]
    named += [n for reason in found.without for n in reason.parameters]
    return [name for name in estimated() if not any(fnmatch(name, one) for one in named)]


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="folder of published.yaml")
    folder = parser.parse_args().folder
    text = page(read_published(folder))

    def write(path: Path) -> None:
        path.write_text(text, "utf-8")

    write_whole(folder / "published.md", write)


if __name__ == "__main__":
    main()
