// The answer as it is drawn, and the buttons.

const reach = (found) => Math.max(Math.abs(found.judged[0]), Math.abs(found.judged[2]));
const nice = (value) => { const size = 10 ** Math.floor(Math.log10(value)); return [1, 2, 5, 10].map((m) => m * size).find((each) => each >= value); };
// Wide enough for every plan, and for a third more or less in one channel.
const nudged = channels.flatMap((channel, i) => (channel.curve ? [today.map((cents, j) => (j === i ? Math.min(1.3 * cents, top(channel)) : cents))] : []));
let extent = nice(Math.max(1, ...[...plans.map((plan) => plan.cents), ...nudged].map((cents) => 1.1 * reach(outcomeOf(cents)))));

const tile = (id, found, moved) => {
  const node = element(id);
  if (!node) return;
  put(node, signed(found[1]));
  node.classList.toggle("up", found[0] > 0);
  node.classList.toggle("down", found[2] < 0);
  put(element(`${id}-range`), moved ? interval(found) : say("unmoved"));
};

const span = (found) => {
  while (reach(found) > extent) extent = nice(1.01 * Math.max(reach(found), extent));
  const place = (value) => 50 + 50 * value / extent, [low, middle, high] = found.judged.map(place);
  element("span-range").style.left = `${low}%`;
  element("span-range").style.width = `${high - low}%`;
  element("span-middle").style.left = `${middle}%`;
  put(element("span-low"), signed(-extent));
  put(element("span-middle-says"), say(`as_${found.unit}`));
  put(element("span-high"), signed(extent));
};

// A link that does not fit is said to be one, above everything that it would have changed.
const other = make("p", "flag", say("link_other"));
other.setAttribute("role", "status");
element("try").querySelector(".board").before(other);
const followed = () => {
  const taken = restore();
  other.hidden = taken || !isLink();
  return taken;
};

let waiting = 0, telling = 0, latest = null;
const draw = () => {
  waiting = 0;
  const known = data.presets.find((plan) => plan.said && same(plan.cents, state.cents));
  const found = latest = { ...outcomeOf(state.cents), ...(known ? known.said : {}) };
  const untried = rows.map((each) => each.show()).flatMap((never, i) => (never ? [channels[i].name] : []));
  tile("revenue", found.revenue, found.moved);
  tile("profit", found.judged, found.moved);
  put(element("chance"), found.moved ? sure(found.better) : "–");
  put(element("judged"), found.moved ? say(`in_${found.unit}`, { amount: signed(found.judged[1]) }) : say("in_today"));
  put(element("total"), exact(found.total));
  put(element("total-change"), found.more ? say(found.more > 0 ? "total_more" : "total_less", { amount: exact(found.more) }) : say("total_same"));
  span(found);
  element("doubt").hidden = !untried.length;
  put(element("doubt"), untried.length ? say("doubt", { channels: named(untried) }) : "");
  element("keep").checked = state.keep;
  buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(same(plans[i].cents, state.cents))));
};

// Draw once a frame; tell listeners when the hand rests.
const changed = (said) => {
  put(element("said"), said);
  element("address").hidden = other.hidden = true;
  if (!waiting) waiting = requestAnimationFrame(draw);
  clearTimeout(telling);
  telling = setTimeout(() => { if (waiting) draw(); put(element("live"), sentence(latest)); }, 700);
};

// ---- buttons -------------------------------------------------------------------------------------
element("keep").addEventListener("input", () => {
  state.keep = element("keep").checked;
  anchor = null;
  changed("");
  remember();
});

element("reset").addEventListener("click", () => {
  state.cents = data.presets[0].cents.slice();
  state.fixed = channels.map((channel) => Boolean(channel.fixed));
  state.keep = several;
  anchor = null;
  changed("");
  remember();
});

element("csv").addEventListener("click", () => {
  const link = make("a"), address = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
  link.href = address;
  link.download = "my_plan.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
});

element("link").addEventListener("click", async () => {
  const address = location.href.split("#")[0] + linkOf();
  try {
    await navigator.clipboard.writeText(address);
    put(element("said"), say("copied"));
  } catch {
    const field = element("address");
    field.hidden = false;
    field.value = address;
    field.focus();
    field.select();
    put(element("said"), say("copy"));
  }
});

addEventListener("hashchange", () => { if (followed()) changed(""); });

// ---- start ---------------------------------------------------------------------------------------
followed();
element("try").hidden = false;
element("keep").disabled = !several;
draw();

// With "check" in the address the page writes down what it shows, for tests.
if (checking()) {
  const root = document.documentElement.dataset, began = performance.now(), turns = 50;
  const check = () => Object.assign(root, {
    cents: state.cents.join(" "), fixed: state.fixed.map(Number).join(""), keep: state.keep, csv: csv(), link: linkOf(),
    drawn: JSON.stringify(outcomeOf(state.cents)), live: sentence(latest),
  });
  for (let turn = 0; turn < turns; turn += 1) draw();
  root.milliseconds = (performance.now() - began) / turns;
  root.overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  check();
  document.addEventListener("input", () => { draw(); check(); });
  document.addEventListener("change", () => { draw(); check(); });
  // A click on a box comes before its change, and drawing would undo it.
  document.addEventListener("click", (event) => { if (event.target.closest("button")) { draw(); check(); } });
}
