"""How the portal answers: languages, headers, lists, hostile texts, and what goes wrong."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from support.gallery import HOSTILE, LONG, MANY, application
from support.page import Element, read

from backend.core.settings import Settings
from backend.db.session import Database
from backend.web.assets import asset_path
from backend.web.languages import preferred
from backend.web.routes import lists, plain

CONTRACTS = {"trillion": 1, "one": 2, "many": 3, "hostile": 4, "long": 5, "empty": 6}
WEIGHT_LIMIT = 40_000


def see(client: TestClient, path: str, status: int = 200) -> Element:
    answer = client.get(path)
    assert answer.status_code == status
    return read(answer.text)


def titles(page: Element) -> list[str]:
    return [row[0] for row in page.one("table", class_="cards contracts").rows()]


# --- languages ---


@pytest.mark.parametrize(
    ("accepted", "path"),
    [
        ("id-ID,id;q=0.9,en;q=0.8", "/id/"),
        ("en-GB,en;q=0.9,id;q=0.8", "/en/"),
        ("en;q=0.5, id;q=0.7", "/id/"),
        ("fr, de;q=0.5", "/en/"),
        ("id;q=0", "/en/"),
        ("id;q=x", "/en/"),
        ("", "/en/"),
    ],
)
def test_root_leads_to_the_language_of_the_browser(
    shown: TestClient, accepted: str, path: str
) -> None:
    answer = shown.get("/", headers={"Accept-Language": accepted}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, path)
    assert answer.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize("path", ["/contracts/4", "/payments?sort=net", "/how-to-check"])
def test_address_without_a_language_keeps_its_rest(shown: TestClient, path: str) -> None:
    answer = shown.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/en{path}")


def test_every_page_offers_itself_in_the_other_language(shown: TestClient) -> None:
    page = see(shown, "/en/contracts?q=road&sort=title")
    choice = page.one("nav", class_="languages").find("a")
    assert [a.attributes["href"] for a in choice] == [
        "/en/contracts?q=road&sort=title",
        "/id/contracts?q=road&sort=title",
    ]


def test_path_of_a_language_without_its_slash_leads_on(shown: TestClient) -> None:
    answer = shown.get("/id", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/id/")


def test_long_preferences_cost_nothing() -> None:
    assert preferred(",".join(["xx"] * 100_000) + ",id").code == "en"


# --- headers ---


def test_every_page_forbids_what_it_does_not_need(shown: TestClient) -> None:
    for path in ("/en/", "/en/contracts/3", "/en/nothing", asset_path("portal.css")):
        policy = shown.get(path).headers["content-security-policy"]
        assert policy == (
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
            "img-src 'self' data:; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        )
        assert "set-cookie" not in shown.get(path).headers


def test_pages_have_nothing_inline_and_nothing_from_elsewhere(shown: TestClient) -> None:
    for route in (*plain.routes, *lists.routes):
        path = re.sub(r"\{.*\}", "1", getattr(route, "path", ""))
        page = see(shown, f"/en{path}", 404 if "facts" in path else 200)
        assert not page.find("style")
        assert all("src" in script.attributes and not script.text for script in page.find("script"))
        for element in page.find_all():
            assert not [name for name in element.attributes if re.match("on|style", name)]
            links = [element.attributes.get(name, "/") for name in ("href", "src", "action")]
            assert all(re.match("/(?!/)|#", link) for link in links), links


def test_page_is_sent_once(shown: TestClient) -> None:
    first = shown.get("/en/")
    again = shown.get("/en/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "no-cache"


def test_head_is_answered_like_get(shown: TestClient) -> None:
    answer = shown.head("/en/contracts")
    assert (answer.status_code, answer.content) == (200, b"")


def test_style_is_kept_for_ever(shown: TestClient) -> None:
    answer = shown.get(asset_path("portal.css"))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert shown.get("/static/portal.000000000000.css").status_code == 404


@pytest.mark.parametrize("path", ["/en/", "/id/", "/en/contracts/3", "/id/contracts/3"])
def test_page_is_light(shown: TestClient, path: str) -> None:
    parts = [shown.get(p) for p in (path, asset_path("portal.css"), asset_path("icon.svg"))]
    assert [part.headers.get("content-encoding") for part in parts[:2]] == ["gzip", "gzip"]
    pictures = [image.attributes["src"] for image in read(parts[0].text).find("img")]
    assert len(pictures) == 1
    parts += [shown.get(picture) for picture in pictures]
    assert sum(int(part.headers["content-length"]) for part in parts) < WEIGHT_LIMIT
    assert len(gzip.compress(parts[0].content)) < WEIGHT_LIMIT


# --- lists ---


def test_contracts_are_searched_filtered_and_sorted(shown: TestClient) -> None:
    assert titles(see(shown, "/en/contracts?q=rupiah"))[0].startswith("Satu Rupiah")
    late = titles(see(shown, "/en/contracts?status=late"))
    assert len(late) == 1
    assert late[0].startswith("<script>")
    waiting = titles(see(shown, "/en/contracts?status=signed&sort=title"))
    assert [title[:11] for title in waiting] == ["Pembangunan", "Satu Rupiah"]
    by_value = titles(see(shown, "/en/contracts?sort=value"))
    assert by_value[0].startswith("Bendungan Besar")
    assert len(see(shown, "/en/contracts?supplier=2").one("tbody").find("tr")) == 4


def test_search_that_finds_nothing_says_what_to_do(shown: TestClient) -> None:
    page = see(shown, "/en/contracts?q=nothing+at+all")
    assert page.one("p", class_="lead").text.startswith("No contract matches.")
    assert page.one("p", class_="prose").one("a").attributes["href"] == "/en/contracts"


def test_empty_fields_of_a_form_choose_nothing(shown: TestClient) -> None:
    page = see(shown, "/en/contracts?q=&status=&currency=&sort=date")
    assert len(titles(page)) == len(CONTRACTS)


def test_payments_are_turned_forth_and_back(shown: TestClient) -> None:
    def stages(page: Element) -> list[str]:
        return [row[2] for row in page.one("table").rows()]

    pages = [see(shown, "/en/payments")]
    while links := pages[-1].find("a", rel="next"):
        pages.append(see(shown, links[0].attributes["href"]))
    numbers = [stages(page) for page in pages]
    hostile, *many = [stage for page in numbers for stage in page]
    assert hostile.startswith("2 <script>")
    assert many == [str(number) for number in range(MANY, 0, -1)]
    assert not pages[0].find("a", rel="prev")
    for place in range(len(pages) - 1, 0, -1):
        link = pages[place].one("a", rel="prev").attributes["href"]
        assert stages(see(shown, link)) == numbers[place - 1]


def test_first_page_reached_backwards_has_no_previous(shown: TestClient) -> None:
    second = see(shown, see(shown, "/en/payments").one("a", rel="next").attributes["href"])
    first = see(shown, second.one("a", rel="prev").attributes["href"])
    assert not first.find("a", rel="prev")
    again = see(shown, first.one("a", rel="next").attributes["href"])
    assert again.one("table").rows() == second.one("table").rows()


# --- what texts and amounts can be ---


@pytest.mark.parametrize("path", ["/en/", "/en/contracts", "/en/contracts/4", "/en/waiting"])
def test_hostile_texts_stay_texts(shown: TestClient, path: str) -> None:
    html = shown.get(path).text
    assert "<script>" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_direction_of_a_title_stays_within_it(shown: TestClient) -> None:
    page = see(shown, "/en/contracts/4")
    within = "".join(bdi.text for bdi in page.find("bdi"))
    assert page.text.count("\u202e") == within.count("\u202e") > 0
    assert "\u202e" not in page.one("title").text
    assert page.one("h1").text == " ".join(HOSTILE.split())


def test_long_title_is_whole_on_its_page_and_cut_in_lists(shown: TestClient) -> None:
    assert len(LONG) == 300
    assert see(shown, "/en/contracts/5").one("h1").text == LONG
    assert LONG[:160] + "…" in see(shown, "/en/contracts").text


def test_one_rupiah_and_nine_trillion(shown: TestClient) -> None:
    assert see(shown, "/en/contracts/2").one("p", class_="lead").text.startswith("IDR 1, PT")
    trillion = see(shown, "/id/contracts/1").one("p", class_="lead").text
    assert trillion.startswith("Rp 9.000.000.000.000, PT Karya Jaya: 0 dari 1 tahap dibayar")


def test_eighty_one_payments(shown: TestClient) -> None:
    page = see(shown, "/en/contracts/3")
    payments = page.one("table", class_="cards payments").rows()
    why = "All of the IDR 1,000.50 of the accepted work; nothing is taken off."
    assert [row[1] for row in payments] == [f"{n} {why}" for n in range(MANY, 0, -1)]
    assert "81 payments, IDR 81,040.50." in page.text


def test_no_payments_and_no_stages(shown: TestClient) -> None:
    page = see(shown, "/en/contracts/6")
    assert page.one("h1").text == "empty"
    assert "No stages have been agreed" in page.text
    assert "No payments yet." in page.text
    assert page.one("p", class_="lead").text == "IDR 0, PT Karya Jaya: ○ no stages yet."


# --- notices ---


def test_invented_data_are_marked_on_every_page(shown: TestClient, portal: TestClient) -> None:
    for path in ("/en/", "/en/contracts/1", "/en/payments", "/en/how-to-check"):
        assert "Example." in see(shown, path).one("p", class_="notice example").text
        assert not see(portal, path).find("p", class_="notice example")


@pytest.fixture
def settings_with_notice(gallery: Settings) -> Settings:
    return gallery.model_copy(update={"notice": "Test <b>system</b>"})


def test_notice_of_the_operator_stands_on_top(settings_with_notice: Settings) -> None:
    with TestClient(application(settings_with_notice, 0)) as client:
        for path, status in (("/en/", 200), ("/en/nothing", 404)):
            page = see(client, path, status)
            assert page.find("p", class_="notice")[0].text == "Test <b>system</b>"


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (None, "The chain cannot be reached right now. This page shows what was known up to block"),
        (1234, "This page is 1,234 blocks behind the chain and is catching up."),
    ],
)
def test_stale_state_is_said_on_top(gallery: Settings, ahead: int | None, words: str) -> None:
    from backend.queries.index import index_state

    database = Database(gallery.database)
    with database.reading() as session:
        block = index_state(session).block
    head = None if ahead is None else block + ahead
    with TestClient(application(gallery, head)) as client:
        notice = (
            see(client, "/en/contracts/1").one("section", class_="notices").one("p", role="status")
        )
        assert words in notice.text


def test_index_that_stopped_is_said_on_top(gallery: Settings) -> None:
    app = application(gallery, 0)
    app.state.services.index_problem = "It stands still."
    with TestClient(app) as client:
        notices = see(client, "/en/").one("section", class_="notices")
        assert "reading the chain has stopped" in notices.one("p", role="status").text


# --- what goes wrong ---


@pytest.mark.parametrize(
    "path",
    [
        "/en/contracts/999",
        "/en/contracts/0x12",
        "/en/participants/no",
        "/en/facts/1",
        "/en/facts/99999-0",
        "/en/facts/1-99999999999999999999",
        "/en/nothing",
        "/nothing",
    ],
)
def test_unknown_page_says_what_to_do(shown: TestClient, path: str) -> None:
    page = see(shown, path, 404)
    assert page.one("h1").text == "Not found"
    assert path in page.one("p", class_="lead").text
    assert "/en/contracts" in [a.attributes["href"] for a in page.one("main").find("a")]


def test_error_page_keeps_the_language(shown: TestClient) -> None:
    assert see(shown, "/id/contracts/999", 404).one("h1").text == "Tidak ditemukan"
    answer = shown.get("/nothing", headers={"Accept-Language": "id"})
    assert read(answer.text).one("h1").text == "Tidak ditemukan"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("status=open", "status"),
        ("sort=price", "sort"),
        ("currency=rupiah", "currency"),
        ("supplier=-1", "supplier"),
        ("colour=red", "colour"),
        ("q=%00", "q"),
        (f"q={'x' * 201}", "q"),
    ],
)
def test_bad_choice_is_named(shown: TestClient, query: str, name: str) -> None:
    page = see(shown, f"/en/contracts?{query}", 422)
    assert page.one("h1").text == "This address was not understood"
    assert page.one("p", class_="lead").one("code").text == name


@pytest.mark.parametrize("path", ["/en/contracts?after=bm8", "/en/payments?before=W10"])
def test_place_of_another_list_is_refused(shown: TestClient, path: str) -> None:
    assert see(shown, path, 422).one("h1").text == "This address was not understood"


def test_page_without_choices_takes_none(shown: TestClient) -> None:
    page = see(shown, "/en/contracts/1?page=2", 422)
    assert page.one("p", class_="lead").one("code").text == "page"


@pytest.fixture
def without_index(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(application(Settings(data_dir=tmp_path, database_url=""), None)) as client:
        yield client


def test_missing_index_is_said_in_plain_words(without_index: TestClient) -> None:
    answer = without_index.get("/en/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    page = read(answer.text)
    assert page.one("h1").text == "Not available right now"
    assert "Nothing is lost" in page.text


def test_error_in_the_code_shows_nothing_of_the_inside(
    gallery: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("backend.web.routes.overview_page", fail)
    with TestClient(application(gallery, 0), raise_server_exceptions=False) as client:
        answer = client.get("/en/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers
