"""Take the pictures of the documents: `make screenshots` writes docs/images/*.png.

Plays the example on a chain of its own, serves it, and looks at it with Debian's Chromium.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, sync_playwright

from backend.cli.server import LOCALHOST, free_port

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
LARGEST_BYTES = 150_000
COLOURS = 256
START_SECONDS = 180
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "telephone": {"viewport": {"width": 375, "height": 780}, "is_mobile": True},
}
SHARPNESS = 1.5
"""Pixels of a picture for each of the page's."""
LANGUAGES = ("id", "en")
# {…} is the number of a contract of the example.
PAGES = {
    "overview": "",
    "contracts": "contracts",
    "contract": "contracts/{KTR-PUPR-007}",
}
_PIXELS = """async source => {
    const image = new Image(); image.src = source; await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const {data} = canvas.getImageData(0, 0, image.width, image.height);
    let text = "";
    for (let i = 0; i < data.length; i += 32768)
        text += String.fromCharCode(...data.subarray(i, i + 32768));
    return [image.width, image.height, btoa(text)];
}"""


@contextmanager
def portal() -> Iterator[str]:
    """The address of a portal that shows the example."""
    port = free_port()
    address = f"http://{LOCALHOST}:{port}"
    with tempfile.TemporaryDirectory() as folder:
        place = {"TERMIN_DATA_DIR": folder, "TERMIN_RPC_URL": f"http://{LOCALHOST}:{free_port()}"}
        command = [sys.executable, "-c", "from backend.cli import main; main()"]
        demo = subprocess.Popen(
            [*command, "demo", "--port", str(port)], cwd=ROOT, env={**os.environ, **place}
        )
        try:
            _wait(f"{address}/en/", demo)
            yield address
        finally:
            demo.terminate()
            demo.wait(30)


def _wait(url: str, demo: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and demo.poll() is None:
        try:
            if httpx.get(url).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    sys.exit("The demo does not serve the portal.")


def numbers(address: str) -> dict[str, int]:
    """The number of each contract that the portal shows, by contract id."""
    answer = httpx.get(f"{address}/api/v1/contracts", params={"limit": 100}).raise_for_status()
    return {one["contractId"]: one["number"] for one in answer.json()["contracts"]}


def pictures() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The name of each picture, the path of its page, and how it is looked at."""
    for (page, path), language, device in product(PAGES.items(), LANGUAGES, DEVICES):
        yield f"{page}-{language}-{device}", f"/{language}/{path}", DEVICES[device]


def take(browser: Browser, address: str, options: dict[str, Any]) -> bytes:
    """A picture of a page, as a PNG with a palette."""
    context = browser.new_context(**options, device_scale_factor=SHARPNESS)
    page = context.new_page()
    page.goto(address, wait_until="load")
    picture = base64.b64encode(page.screenshot()).decode()
    page.goto("about:blank")
    width, height, data = page.evaluate(_PIXELS, f"data:image/png;base64,{picture}")
    context.close()
    return paletted(width, height, array("I", base64.b64decode(data)))


def paletted(width: int, height: int, pixels: array[int]) -> bytes:
    """A PNG (ISO/IEC 15948) of RGBA pixels with the 256 colours that come nearest."""
    mask, shades = _shades(Counter(pixels))
    places = {shade: place for place, shade in enumerate(shades)}
    indexes = bytes(places[pixel & mask] for pixel in pixels)
    rows = (b"\0" + indexes[y * width : (y + 1) * width] for y in range(height))
    palette = b"".join(colour.to_bytes(4, sys.byteorder)[:3] for colour in shades.values())
    header = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 3, 0, 0, 0])
    parts = {b"IHDR": header, b"PLTE": palette, b"IDAT": zlib.compress(b"".join(rows), 9)}
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(*part) for part in [*parts.items(), (b"IEND", b"")]
    )


def _shades(counted: Counter[int]) -> tuple[int, dict[int, int]]:
    """The finest mask that leaves 256 colours, and for each masked colour its commonest one."""
    bits = 0
    while True:
        mask = 0x01010101 * (0xFF >> bits << bits)
        shades: dict[int, int] = {}
        for colour, _ in counted.most_common():
            shades.setdefault(colour & mask, colour)
        if len(shades) <= COLOURS:
            return mask, shades
        bits += 1


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def main() -> None:
    """Take all pictures."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is not installed. On Debian and Ubuntu: apt-get install chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with portal() as address, sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        known = numbers(address)
        for name, path, options in pictures():
            picture = take(browser, f"{address}{path.format_map(known)}", options)
            if len(picture) > LARGEST_BYTES:
                sys.exit(f"{name}.png has {len(picture)} bytes, more than {LARGEST_BYTES}.")
            (IMAGES / f"{name}.png").write_bytes(picture)
            print(f"docs/images/{name}.png  {len(picture):,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
