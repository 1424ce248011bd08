"""The earlier decisions about proposals in a folder: how often each reason was right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rallynov_graph.desk import decisions_file
from rallynov_graph.desk.acts import RefusedProposal, Stated, counting
from rallynov_graph.desk.proposing.proposal import DecidedBefore


def decided_before(folder: Path, besides: str = "") -> Mapping[str, DecidedBefore]:
    """Return the decisions in a folder, by the reason of the proposal.

    One document is left out by name, so that its second reader sees nothing of the first one's
    decisions. Raises SourceError if decisions cannot be read.
    """
    found: dict[str, DecidedBefore] = {}
    for file in sorted(folder.rglob(f"{decisions_file.FOLDER}/*{decisions_file.SUFFIX}")):
        if file.parent.parent.name == besides:
            continue
        acts = (it.act for it in counting(decisions_file.read(file).acts))
        decided = {
            act.proposer: isinstance(act, RefusedProposal)
            for act in acts
            if isinstance(act, Stated | RefusedProposal) and act.proposer
        }
        for name, is_refused in decided.items():
            reason = name.rpartition("/")[0]
            before = found.get(reason, DecidedBefore())
            found[reason] = DecidedBefore(
                before.accepted + (not is_refused), before.refused + is_refused
            )
    return found
