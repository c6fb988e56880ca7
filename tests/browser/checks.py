"""What a page is asked in the browser. Each check gives the faults as sentences, so that `== []` says what and where."""

from axe_playwright_python.sync_playwright import Axe

# Without `preload` axe does not ask for style sheets a second time (it looks for imported ones at the wrong address).
RULES = {
    "preload": False,
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
SMALLEST = 24

TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll("body *")]
    .map((it) => [it, it.getBoundingClientRect().right])
    .filter(([it, right]) => right > room + 0.5 && getComputedStyle(it).position !== "fixed")
    .map(([it, right]) => `${it.localName}.${it.getAttribute("class") || ""} ends at ${Math.round(right)} of ${room}`)
    .slice(0, 8);
}"""

# A link among other words or numbers of its line may be as low as its line; a box to tick counts with its label; a bar is as
# long as its days, and its row names the step in a link of full size.
TOO_SMALL = """(smallest) => {
  const inSentence = (it) => getComputedStyle(it).display === "inline" && [...it.parentElement.childNodes]
    .some((near) => near.nodeType === Node.TEXT_NODE && near.textContent.trim());
  const size = (it) => {
    const boxes = [it, ...(it.labels || [])].map((each) => each.getBoundingClientRect());
    return [Math.max(...boxes.map((box) => box.width)), Math.max(...boxes.map((box) => box.height))];
  };
  return [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea, [tabindex='0']")]
    .filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.closest("svg, .skip, .unseen") && !inSentence(it))
    .map((it) => [it, ...size(it)])
    .filter(([, width, height]) => Math.min(width, height) < smallest - 0.01)
    .map(([it, ...sides]) => [it.localName, it.className, it.textContent.trim().slice(0, 30), ...sides].join(" · "));
}"""

MOVING = """() => {
  const seconds = (list) => Math.max(...list.split(",").map((it) => parseFloat(it) * (it.trim().endsWith("ms") ? 0.001 : 1)));
  return [...document.querySelectorAll("*")].flatMap((it) => ["", "::before", "::after"].map((part) => {
    const style = getComputedStyle(it, part || null);
    const turning = style.animationName === "none" ? 0 : seconds(style.animationDuration);
    const lasts = Math.max(seconds(style.transitionDuration), turning);
    return lasts > 0.01 ? `${it.localName}.${it.getAttribute("class") || ""}${part} moves for ${lasts} s` : "";
  })).filter(Boolean);
}"""

FOCUS = """() => {
  const it = document.activeElement, style = getComputedStyle(it), box = it.getBoundingClientRect();
  if (it === document.body) return "";
  const marked = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none";
  const onScreen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  return marked && onScreen ? "" : `${it.outerHTML.slice(0, 120)} hides its focus: ${style.outline}, ${box.top}–${box.bottom}`;
}"""


def what_axe_finds(page, *, rules=RULES):
    """WCAG 2.2 A and AA by axe: rule, how grave, and the first places."""
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{it['id']}: {it['help']} ({len(it['nodes'])}) {places(it)}" for it in found]


def places(violation):
    return [(node["html"][:160], " ".join(each["message"] for each in node["any"])[:200]) for node in violation["nodes"][:3]]


def what_is_too_wide(page):
    return page.evaluate(TOO_WIDE)


def what_is_too_small(page):
    """Things to press that are lower or narrower than 24 px."""
    return page.evaluate(TOO_SMALL, SMALLEST)


def what_moves(page):
    """What takes longer than a hundredth of a second, under reduced motion."""
    return page.evaluate(MOVING)


def what_hides_the_focus(page):
    return page.evaluate(FOCUS)
