"""What every section of settings is: frozen, and strict about names."""

from pydantic import BaseModel, ConfigDict

LARGE = "large"  # Among the choices of a network: the one for a GPU.


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    def is_off(self) -> bool:
        """Whether it asks for nothing: its switch is off or, without a switch, nothing differs from the beginning."""
        switch = getattr(self, "enabled", None)
        return self == type(self)() if switch is None else not switch
