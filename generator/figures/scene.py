from dataclasses import dataclass


@dataclass(frozen=True)
class Scene:
    title: str
