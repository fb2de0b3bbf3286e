// One row per channel: a slider, a field, what the next unit of money brings.

const make = (tag, kind, text) => {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
};
const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };
const step = (cents) => {
  const size = 10 ** Math.floor(Math.log10(Math.max(cents / 200, 1)));
  return [1, 2, 5, 10].map((m) => m * size).find((each) => each >= cents / 200);
};

const nameOf = (channel, i) => {
  const heading = make("h3"), name = make("bdi", "", channel.name);
  heading.id = `name-${i}`;
  heading.append(name);
  return heading;
};

const tick = (kind, cents, channel) => {
  // A thumb 16 pixels wide travels the width less its own.
  const mark = make("span", `tick ${kind}`), share = Math.min(cents / top(channel), 1);
  mark.style.left = `calc(8px + ${share} * (100% - 16px))`;
  return mark;
};

const DOUBTED = ["partly", "prior"];

const movable = (channel, i) => {
  const row = make("li", "mover"), own = make("div", "name"), cell = make("div", "track-cell");
  const hold = make("label", "check hold"), box = make("input");
  box.type = "checkbox";
  box.setAttribute("aria-label", say("hold_channel", { channel: channel.name }));
  hold.append(box, make("span", "", say("hold")));
  own.append(nameOf(channel, i), hold);
  if (DOUBTED.includes(channel.known)) own.append(make("span", "rests", say(channel.known)));

  const track = make("div", "track"), slider = make("input");
  Object.assign(slider, { type: "range", min: 0, max: top(channel), step: step(top(channel)) });
  slider.setAttribute("aria-labelledby", `name-${i}`);
  track.append(slider, tick("seen", channel.seen, channel), tick("now", channel.now, channel));
  const line = make("div", "now"), left = make("span", "", say("now", { amount: exact(channel.now) })), right = make("span");
  line.append(left, right);
  cell.append(track, line);

  const amount = make("label", "amount"), field = make("input");
  Object.assign(field, { type: "text", inputMode: "decimal", autocomplete: "off" });
  field.setAttribute("aria-label", say("field", { channel: channel.name }));
  const symbol = make("span", "", data.symbol.trim());
  amount.append(...(data.after ? [field, symbol] : [symbol, field]));

  const share = make("div", "share"), next = make("div", "next-one"), middle = make("span"), range = make("span", "range");
  next.append(middle, range);
  row.append(own, cell, amount, share, next);

  slider.addEventListener("input", () => changed(move(i, Number(slider.value))));
  slider.addEventListener("change", remember);
  let typing = false;  // what is being typed stays until it is done
  field.addEventListener("input", () => { typing = true; });
  field.addEventListener("blur", () => { typing = false; });
  field.addEventListener("change", () => {
    typing = false;
    const { value, problem } = amountOf(field.value);
    changed(problem ? say(problem, { channel: channel.name, text: field.value.trim() }) : move(i, 100 * value));
    field.value = written(state.cents[i]);
    remember();
  });
  field.addEventListener("keydown", (event) => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    typing = false;
    changed(move(i, state.cents[i] + way * Math.max(step(top(channel)), unit)));
    remember();
  });
  box.addEventListener("input", () => {
    state.fixed[i] = box.checked;
    anchor = null;
    changed("");
    remember();
  });

  const show = () => {
    const cents = state.cents[i], [low, mid, high] = nextOf(channel, cents), never = cents > Math.max(channel.seen, channel.now);
    slider.value = cents;
    slider.disabled = field.disabled = state.fixed[i];
    slider.setAttribute("aria-valuetext", say(never ? "weekly_never" : "weekly", { amount: exact(cents) }));
    if (!typing) field.value = written(cents);
    box.checked = state.fixed[i];
    put(share, changeOf(channel.now, cents));
    put(middle, mid === null ? "–" : say("next", { unit: data.one, amount: digits(mid, 2) }));
    put(range, mid === null ? "" : say("to", { low: digits(low, 2), high: digits(high, 2) }));
    right.className = never ? "never" : "";
    put(right, never ? say("never") : channel.seen < top(channel) ? say("most", { amount: exact(channel.seen) }) : "");
    return never;
  };
  return { row, show };
};

const fixed = (channel, i) => {
  const row = make("li", "mover fixed"), own = make("div", "name"), amount = make("div", "amount"), share = make("div", "share");
  own.append(nameOf(channel, i));
  row.append(own, make("p", "why", say("fixed")), amount, share);
  return { row, show: () => { put(amount, exact(state.cents[i])); put(share, changeOf(channel.now, state.cents[i])); return false; } };
};

const rows = channels.map((channel, i) => (channel.curve ? movable(channel, i) : fixed(channel, i)));
element("movers").append(...rows.map((each) => each.row));
// Fields are as wide as the longest amount that they may hold.
const longest = Math.max(...channels.map((channel) => written((channel.curve ? top(channel) : channel.now) - 1).length));
element("movers").style.setProperty("--amount", `calc(${longest}ch + 3rem)`);

const plans = [{ name: say("today"), cents: today }, ...data.presets];
const buttons = plans.map((plan) => {
  const button = make("button", "", plan.name);
  button.type = "button";
  button.addEventListener("click", () => {
    changed(take(plan.cents));
    remember();
  });
  return button;
});
element("presets").append(...buttons);
