"""Who did or owns something: found by name and kind, made where the catalogue does not know them yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.actions.wording import term, words
from archive.models import Agent
from archive.vocabularies import AgentKind, CreditRole


@dataclass(frozen=True, slots=True)
class CreditLine:
    """An agent by name; one that the catalogue does not know yet is made."""

    name: str
    role: CreditRole | str
    kind: AgentKind | str = AgentKind.PERSON
    other_names: tuple[str, ...] = ()


def agents_of(lines: Sequence[CreditLine]) -> dict[tuple[str, str], Agent]:
    """The agents of these names and kinds, those that were missing newly made; three queries at most."""
    new = {(words(line.name), str(term(AgentKind, line.kind))): line for line in lines}
    Agent.objects.bulk_create(
        [Agent(name=name, kind=kind, other_names=list(line.other_names)) for (name, kind), line in new.items()],
        ignore_conflicts=True)
    found = {(agent.name, agent.kind): agent
             for agent in Agent.objects.filter(name__in=[name for name, _kind in new])}
    changed = []
    for key, line in new.items():
        agent = found[key]
        missing = [name for name in line.other_names if name not in agent.all_names]
        if missing:
            agent.other_names = [*agent.other_names, *missing]
            changed.append(agent)
    Agent.objects.bulk_update(changed, ["other_names"])
    return found


def agent_named(name: str, kind: AgentKind | str) -> Agent:
    """The agent of that name and kind, newly made where there was none. Raises ValidationError."""
    return Agent.objects.get_or_create(name=words(name), kind=term(AgentKind, kind))[0]
