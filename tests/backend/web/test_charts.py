"""charts
├── the same for the same input, without a date, with texts that stay texts
├── for each theme and width, in colours of the style sheet
├── scales of a few round steps that hold the largest amount
├── as files with a tag and a policy of their own
└── a chart of nothing is not found
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from support.page import read

from backend.web.assets import assets
from backend.web.charts.canvas import COLOURS, WIDTHS, Canvas, Size, Theme
from backend.web.charts.paid import PaidChart, draw_paid, rounded_steps
from backend.web.charts.timeline import Bar, TimelineChart, draw_timeline, height_of

SVG = "{http://www.w3.org/2000/svg}"
PAID = PaidChart(("Jan", "$x_1$", "Mar"), (0, 50, 200), ((0, "0"), (100, "1 M"), (200, "2 M")))
LINE = TimelineChart(
    bars=(Bar(1, 10, 5, None), Bar(2, 20, None, 40), Bar(3, 60, None, None)),
    today=40,
    today_text="today",
    ticks=((0, "Jan"), (70, "Feb")),
)


def texts(svg: bytes) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_same_chart_is_the_same_file() -> None:
    canvas = Canvas("light", "wide", 200)
    first = canvas.draw(PAID.paint)
    assert canvas.draw(PAID.paint) == first
    assert b"<dc:date" not in first
    assert not re.search(rb"20\d\d-\d\d-\d\d", first)


def test_labels_stay_texts_and_no_mathematics() -> None:
    assert texts(draw_paid(PAID, Canvas("light", "wide", 200))) == [
        "Jan",
        "$x_1$",
        "Mar",
        "0",
        "1 M",
        "2 M",
    ]


def test_bars_are_as_high_as_their_amounts() -> None:
    svg = draw_paid(PAID, Canvas("light", "wide", 200))
    colour = COLOURS["light"].bar
    found = re.findall(rf'd="([^"]*)"[^>]*style="fill: {colour}"', svg.decode())
    heights = []
    for path in found:
        ys = [float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", path)]
        heights.append(max(ys) - min(ys))
    assert heights[0] == 0
    assert heights[2] == pytest.approx(4 * heights[1], rel=1e-4)


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("theme", COLOURS)
def test_each_theme_and_width_has_its_picture(theme: Theme, size: Size) -> None:
    height = height_of(len(LINE.bars))
    svg = draw_timeline(LINE, Canvas(theme, size, height))
    root = ElementTree.fromstring(svg)
    assert root.attrib["viewBox"] == f"0 0 {WIDTHS[size]} {height}"
    assert COLOURS[theme].late.encode() in svg
    assert {"1", "2", "3", "today", "Jan", "Feb"} == set(texts(svg))


def test_colours_are_those_of_the_style_sheet() -> None:
    css = assets()["portal.css"].content.decode()
    roots = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    for theme, root in zip(("light", "dark"), roots, strict=True):
        known = dict(re.findall(r"--([\w-]+): (#\w+);", root))
        mine = COLOURS[theme]  # type: ignore[index]
        for name in ("ink", "quiet", "rule", "accent", "late"):
            assert getattr(mine, name) == known[name]
        assert mine.bar == known["f4"]


@given(st.integers(min_value=1, max_value=10**40))
def test_steps_are_round_few_and_hold_the_largest(largest: int) -> None:
    steps = rounded_steps(largest)
    assert steps[0] == 0
    assert steps[-1] >= largest > steps[-2]
    assert 2 <= len(steps) <= 5
    assert str(steps[1]).rstrip("0") in {"1", "2", "25", "5"}


def test_steps_of_nothing() -> None:
    assert rounded_steps(0) == [0]


def test_picture_is_tagged_and_may_do_nothing(shown: TestClient) -> None:
    path = "/en/charts/payments.svg?currency=IDR&theme=dark&size=narrow"
    answer = shown.get(path)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    again = shown.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert b"<script" not in answer.content


def test_every_picture_of_a_page_is_there_and_said_in_words(shown: TestClient) -> None:
    for path in ("/en/", "/id/", "/en/contracts/1", "/id/contracts/3"):
        for picture in read(shown.get(path).text).find("picture"):
            image = picture.one("img")
            assert len(image.attributes["alt"]) > 30
            sources = [s.attributes["srcset"] for s in picture.find("source")]
            for url in (image.attributes["src"], *sources):
                answer = shown.get(url)
                assert answer.status_code == 200, url
                assert answer.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/en/charts/payments.svg?currency=JPY", 404),
        ("/en/charts/payments.svg?currency=IDR&year=1999", 404),
        ("/en/charts/payments.svg", 422),
        ("/en/charts/payments.svg?currency=IDR&theme=red", 422),
        ("/en/charts/payments.svg?currency=IDR&size=1000", 422),
        ("/en/contracts/6/timeline.svg", 404),
        ("/en/contracts/99/timeline.svg", 404),
        ("/en/contracts/1/timeline.svg?colour=red", 422),
    ],
)
def test_chart_of_nothing_is_refused(shown: TestClient, path: str, status: int) -> None:
    assert shown.get(path).status_code == status
