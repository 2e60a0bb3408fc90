"""The course of a simulated day as a picture: in the terminal, as SVG, and as figures in CSV."""

import csv
import html
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import IO

from nbjudge_worker.scaling.simulation import Course

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_WIDTH, _HEIGHT, _MARGIN = 900, 160, 60
_SVG_POINTS = 900
_COLOURS = {"waiting": "#c2410c", "workers": "#1d4ed8"}


def in_terminal(course: Course, width: int, height: int = 6) -> Iterator[str]:
    """Yield the lines of two bar charts over the same time: who waits, and the workers."""
    columns = max(10, width - 12)
    for name, numbers in (("waiting", course.waiting), ("workers", course.workers)):
        yield from _bars(name, largest_of(numbers, columns), height)
    yield " " * 10 + _time_line(course.times[0], course.times[-1], columns)


def largest_of(numbers: Sequence[int], parts: int) -> list[int]:
    """Return the largest number of each of so many equal parts."""
    count = len(numbers)
    edges = [part * count // parts for part in range(parts + 1)]
    return [max(numbers[begin : max(end, begin + 1)]) for begin, end in pairwise(edges)]


def _bars(name: str, numbers: Sequence[int], height: int) -> Iterator[str]:
    most = max(numbers) or 1
    eighths = [-(-number * height * 8 // most) for number in numbers]
    for row in reversed(range(height)):
        label = {height - 1: f"{most}", 0: "0"}.get(row, name if row == height // 2 else "")
        cells = "".join(_EIGHTHS[min(8, max(0, one - 8 * row))] for one in eighths)
        yield f"{label:>8} ┤{cells.rstrip()}"


def _time_line(first: float, last: float, columns: int) -> str:
    marks = [clock(first), clock((first + last) / 2), clock(last)]
    gap = max(1, columns - sum(map(len, marks)))
    return marks[0] + " " * (gap // 2) + marks[1] + " " * (gap - gap // 2) + marks[2]


def clock(seconds: float) -> str:
    """Return a time of a day as 6:05:00, of a week as 3d 6:05."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours}:{minutes:02}:{rest:02}"
    return f"{hours // 24}d {hours % 24}:{minutes:02}"


def write_csv(course: Course, file: IO[str]) -> None:
    """Write a line for each look of the scaler."""
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["seconds", "waiting", "running", "workers"])
    table.writerows(zip(course.times, course.waiting, course.running, course.workers, strict=True))


def svg(course: Course, title: str) -> str:
    """Return a picture of two panels, that stands for itself."""
    panels = (("waiting", course.waiting), ("workers", course.workers))
    height = len(panels) * (_HEIGHT + _MARGIN) + _MARGIN
    place: Callable[[int], int] = lambda number: _MARGIN + number * (_HEIGHT + _MARGIN)  # noqa: E731
    drawn = [_panel(name, numbers, place(at)) for at, (name, numbers) in enumerate(panels)]
    end = clock(course.times[-1])
    size = f'width="{_WIDTH + 2 * _MARGIN}" height="{height}"'
    font = 'font-family="sans-serif" font-size="13"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>',
            '<rect width="100%" height="100%" fill="white"/>',
            f'<text x="{_MARGIN}" y="28" font-size="16">{html.escape(title)}</text>',
            *drawn,
            f'<text x="{_MARGIN}" y="{height - 25}">{clock(course.times[0])}</text>',
            f'<text x="{_MARGIN + _WIDTH}" y="{height - 25}" text-anchor="end">{end}</text>',
            "</svg>\n",
        ]
    )


def _panel(name: str, numbers: Sequence[int], top: int) -> str:
    shown = largest_of(numbers, min(_SVG_POINTS, len(numbers)))
    most, bottom = max(shown) or 1, top + _HEIGHT
    across = _WIDTH / len(shown)
    points = [f"{_MARGIN},{bottom}"]
    for number, value in enumerate(shown):
        level = bottom - value / most * _HEIGHT
        points += [
            f"{_MARGIN + number * across:.1f},{level:.1f}",
            f"{_MARGIN + (number + 1) * across:.1f},{level:.1f}",
        ]
    points.append(f"{_MARGIN + _WIDTH},{bottom}")
    colour = _COLOURS[name]
    return (
        f'<text x="{_MARGIN}" y="{top - 6}" fill="{colour}">{name}, at most {max(shown)}</text>\n'
        f'<polygon points="{" ".join(points)}" fill="{colour}" fill-opacity="0.25" '
        f'stroke="{colour}" stroke-width="1"/>\n'
        f'<line x1="{_MARGIN}" y1="{bottom}" x2="{_MARGIN + _WIDTH}" y2="{bottom}" stroke="#888"/>'
    )
