"""Classes as PDFs: what a rerun costs against the whole run, and real names against plain ones.

``python -m benchmarks.reruns`` prints ratios of CPU time (of all processes) within one run.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from generator.paper.secret import new_secret

STUDENTS = 200
LARGE = 1000

NAMES = (
    "Nguyễn Thị Ánh", "Phạm Quỳnh Như", "Lê Hữu Phước", "Đặng Thuỳ Dương", "Hoàng Bảo Kỳ", "Võ Thị Sáu", "Şükrü Iğdır",
    "Gülşen Çağlar", "İbrahim Özgür", "Łukasz Żółć", "Małgorzata Święcka", "Ģirts Ķēniņš", "Līga Šķēle", "Ņina Ļeļa",
    "Živilė Šimkūnaitė", "Gražvydas Ąžuolas", "Bedřich Šťastný", "Ľubomír Kŕdeľ", "Győző Szűcs", "Ștefan Țăranu",
    "Đorđe Ćirić", "Željko Šarić", "Þórður Ægisson", "Søren Ørsted", "Åse Bjørnstad", "Jürgen Groß", "Maël Œuvrard",
    "Íñigo Muñoz", "João Gonçalves", "Siân Ŵyn", "Caoimhe Ó Cofaigh", "Ħasan Ġorġ", "Väinö Äijälä", "Erëblinë Çela",
)  # fmt: skip
"""Names in Latin letters of all Europe, Vietnam and Turkey."""


def reruns(students: int = STUDENTS) -> None:
    """Print what the same command again, one student more and one other name cost of the whole run.

    That of a large class is computed from what each of its students adds to a class of one.
    """
    print(f"A class of {students} as PDFs: CPU of all processes, and its part of the whole run; that part for {LARGE}")
    small, all_of_them = runs(1), runs(students)
    large = {
        what: small[what] + (seconds - small[what]) * (LARGE - 1) / (students - 1)
        for what, seconds in all_of_them.items()
    }
    whole, whole_large = all_of_them[WHOLE], large[WHOLE]
    for what, seconds in all_of_them.items():
        print(f"  {what:<18} {seconds:7.1f} s  {seconds / whole:7.1%}  {large[what] / whole_large:7.1%}")


WHOLE = "the whole run"


def runs(students: int) -> dict[str, float]:
    """The CPU seconds of a run, of the same again, with one student more, and with another name of one."""
    people = [(f"s{number:05}", f"Student {number}") for number in range(students)]
    with tempfile.TemporaryDirectory() as name:
        found = {WHOLE: class_run(Path(name), "class", people)}
        found["the same again"] = class_run(Path(name), "class", people)
        people = [*people, ("new", "Joined Today")]
        found["one student more"] = class_run(Path(name), "class", people)
        people[0] = (people[0][0], "Another Name")
        found["one other name"] = class_run(Path(name), "class", people)
    return found


def real_names(students: int = 300) -> None:
    """Print what a class with real names costs against one with plain names."""
    print(f"A class of {students} as PDFs: names of all Europe, Vietnam and Turkey against plain ones")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ids = [f"s{number:05}" for number in range(students)]
        plain = class_run(folder, "plain", [(one, f"Student {one}") for one in ids])
        real = class_run(folder, "real", [(one, NAMES[place % len(NAMES)]) for place, one in enumerate(ids)])
        sizes = {
            kind: sum(path.stat().st_size for path in folder.glob(f"{kind}/s*/*.pdf")) for kind in ("plain", "real")
        }
    print(f"  CPU   {plain:7.1f} s  {real:7.1f} s  {real / plain:5.2f} times")
    print(
        f"  files {sizes['plain'] / 1e6:7.1f} MB {sizes['real'] / 1e6:7.1f} MB {sizes['real'] / sizes['plain']:5.2f} times"
    )


def class_run(folder: Path, name: str, people: Sequence[tuple[str, str]]) -> float:
    """The CPU seconds of a class's run by one worker, with those of TeX."""
    roster = folder / f"{name}.csv"
    with roster.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("id", "name"), *people])
    secret = folder / "secret"
    if not secret.exists():
        new_secret(secret)
    command = [sys.executable, "-m", "generator.cli", "generate", "discussion04", "--formats", "pdf"]
    command += ["--secret", str(secret)]
    process = subprocess.Popen(
        [*command, "--roster", str(roster), "--workers", "1", "--out", str(folder / name)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"the run of {len(people)} students failed: {status}")
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    reruns(*map(int, sys.argv[1:]))
    real_names(*map(int, sys.argv[1:]))
