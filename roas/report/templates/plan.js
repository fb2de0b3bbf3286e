
"use strict";
(() => {
  // ---- the data ------------------------------------------------------------------------------
  const element = (id) => document.getElementById(id);
  const data = JSON.parse(element("data").textContent);
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  const curveOf = (channel) => {
    const gain = new DataView(bytes(channel.gain).buffer);
    const scale = new DataView(bytes(channel.scale).buffer);
    const rows = channel.money.map((_, point) => Float64Array.from({ length: data.draws }, (_, draw) =>
      gain.getInt16(2 * (point * data.draws + draw), true) * scale.getFloat32(4 * draw, true)));
    return { money: channel.money, rows, next: channel.next };
  };

  const channels = data.channels.map((channel) => ({ ...channel, curve: channel.money ? curveOf(channel) : null }));
  const top = (channel) => channel.curve.money[channel.curve.money.length - 1];
  const today = channels.map((channel) => channel.now);
  const sum = (values) => values.reduce((a, b) => a + b, 0);
  const same = (a, b) => a.every((value, i) => value === b[i]);

  // ---- what a split brings -------------------------------------------------------------------
  const between = (money, cents) => {
    let right = 1;
    while (right < money.length - 1 && money[right] < cents) right += 1;
    return [right, (cents - money[right - 1]) / (money[right] - money[right - 1])];
  };

  const revenueOf = (cents) => {
    const draws = new Float64Array(data.draws);
    channels.forEach((channel, i) => {
      if (!channel.curve || cents[i] === channel.now) return;
      const [right, part] = between(channel.curve.money, cents[i]);
      const low = channel.curve.rows[right - 1], high = channel.curve.rows[right];
      for (let d = 0; d < draws.length; d += 1) draws[d] += low[d] + part * (high[d] - low[d]);
    });
    return draws;
  };

  const quantiles = (draws) => {
    const sorted = Float64Array.from(draws).sort();
    return [0.05, 0.5, 0.95].map((level) => {
      const place = level * (sorted.length - 1), left = Math.floor(place);
      const right = Math.min(left + 1, sorted.length - 1);
      return sorted[left] + (place - left) * (sorted[right] - sorted[left]);
    });
  };

  const outcomeOf = (cents) => {
    const revenue = revenueOf(cents), more = sum(cents) - sum(today);
    const judged = revenue.map((value) => (data.margin === null ? 1 : data.margin) * value - more / 100);
    let better = 0;
    for (const value of judged) better += value > 0 ? 1 : 0;
    const unit = data.margin !== null ? "profit" : more === 0 ? "revenue" : "revenue less spend";
    return {
      revenue: quantiles(revenue), judged: quantiles(judged), better: better / judged.length,
      total: sum(cents), more, unit, moved: !same(cents, today),
    };
  };

  const nextOf = (channel, cents) => {
    const [right, part] = between(channel.curve.money, cents);
    return [0, 1, 2].map((level) => {
      const low = channel.curve.next[right - 1][level], high = channel.curve.next[right][level];
      return low === null || high === null ? null : low + part * (high - low);
    });
  };

  // ---- words, as the command writes them -----------------------------------------------------
  const formats = [0, 1, 2, 3, 4].map((count) => new Intl.NumberFormat("en-US", {
    minimumFractionDigits: count, maximumFractionDigits: count, roundingMode: "halfEven" }));
  const digits = (value, count) => formats[count].format(value);
  const compact = (size) => {
    const units = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "K"]];
    const [unit, letter] = units.find(([from]) => size >= 0.9995 * from) || [1, ""];
    const value = size / unit;
    return digits(value, size === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2) + letter;
  };
  const full = (size, whole) => data.symbol + digits(size, whole ? 0 : data.decimals);
  const short = (size) => data.symbol + compact(size);
  const exact = (cents) => {
    const size = Math.abs(cents) / 100;
    if (size >= 1e6) return short(size);
    return size >= 100 || Number.isInteger(size) ? full(Math.round(size), true) : full(size, false);
  };
  const about = (value) => {
    const size = Math.abs(value);
    if (size >= 1e6 || size < 0.005) return short(size < 0.005 ? 0 : size);
    return size >= 10 ? full(Number(size.toPrecision(2)), true) : short(size);
  };
  const sign = (value) => (value < 0 ? "−" : "+");
  const signed = (value) => (Math.abs(value) < 0.005 ? about(0) : sign(value) + about(value));
  const percent = (share) => `${digits(100 * share, 100 * share >= 9.95 ? 0 : 1)}\u00a0%`;
  const sure = (share) => (share > 0.99 ? "over 99\u00a0%" : share < 0.01 ? "under 1\u00a0%" : percent(share));
  const changeOf = (now, cents) => {
    if (cents === now) return "–";
    if (now === 0) return "new";
    const share = cents / now - 1;
    return Math.abs(share) < 0.0005 ? "0\u00a0%" : sign(share) + percent(Math.abs(share));
  };
  const lessOrMore = (value) => `${about(value)} ${value < 0 ? "less" : "more"}`;
  const interval = ([low, , high]) => {
    if (low < 0 && high > 0) return `${lessOrMore(low)} to ${lessOrMore(high)}`;
    const [near, far] = [low, high].sort((a, b) => Math.abs(a) - Math.abs(b));
    return `${about(near)} to ${about(far)}`;
  };
  const named = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`);

  // ---- the split -----------------------------------------------------------------------------
  const several = channels.filter((channel) => channel.curve).length > 1;
  const state = { cents: data.presets[0].cents.slice(), fixed: channels.map((c) => Boolean(c.fixed)), keep: several };
  let anchor = null;  // where the others stood when a channel began to move: going back brings them back

  // Split whole cents by weights, none above its cap; the rest goes by the largest remainder.
  const shared = (total, weights, caps) => {
    const out = weights.map(() => 0), open = new Set(weights.keys());
    let left = total;
    while (open.size) {
      const whole = sum([...open].map((i) => weights[i]));
      const part = (i) => (whole > 0 ? left * weights[i] / whole : left / open.size);
      const over = [...open].filter((i) => part(i) > caps[i]);
      if (!over.length) {
        const exactly = [...open].map((i) => [i, part(i)]);
        exactly.forEach(([i, value]) => { out[i] = Math.floor(value); });
        let rest = left - sum(exactly.map(([i]) => out[i]));
        exactly.sort((a, b) => (b[1] % 1) - (a[1] % 1));
        for (let turn = 0; rest > 0 && turn < 4 * exactly.length; turn += 1) {
          const i = exactly[turn % exactly.length][0];
          if (out[i] < caps[i]) { out[i] += 1; rest -= 1; }
        }
        break;
      }
      over.forEach((i) => { out[i] = caps[i]; left -= caps[i]; open.delete(i); });
    }
    return out;
  };

  // Set one channel; with the total kept, the others give or take in proportion. Returns what stopped it.
  const move = (i, wanted) => {
    const channel = channels[i];
    const asked = Math.min(Math.max(Math.round(wanted), 0), top(channel));
    let stopped = asked !== Math.round(wanted) ? `${channel.name} goes up to ${exact(top(channel))} here: beyond it nothing is known.` : "";
    if (!state.keep) {
      state.cents[i] = asked;
      return stopped;
    }
    if (!anchor || anchor.i !== i) anchor = { i, cents: state.cents.slice() };
    const others = channels.map((_, j) => j).filter((j) => j !== i && channels[j].curve && !state.fixed[j]);
    if (!others.length) return "Every other channel is fixed, so the total cannot be kept. Free one, or let the total change.";
    const caps = others.map((j) => Math.max(top(channels[j]), anchor.cents[j]));
    const all = anchor.cents[i] + sum(others.map((j) => anchor.cents[j]));
    const own = Math.max(Math.min(asked, all), all - sum(caps), 0);
    if (own !== asked) stopped = own < asked ? `${channel.name} stops here: the others have no more to give.` : `${channel.name} stops here: the others can take no more.`;
    const weights = others.map((j) => anchor.cents[j]);
    const parts = shared(all - own, sum(weights) ? weights : others.map((j) => channels[j].now), caps);
    state.cents[i] = own;
    others.forEach((j, k) => { state.cents[j] = parts[k]; });
    return stopped;
  };

  // ---- links ---------------------------------------------------------------------------------
  const LINK = /^#v1-([0-9a-f]{8})-([01])-([01]+)-(\d{1,15}(?:\.\d{1,15})*)(-check)?$/;
  const checking = () => location.hash.includes("check");
  const linkOf = () => `#v1-${data.id}-${state.keep ? 1 : 0}-${state.fixed.map((f) => (f ? 1 : 0)).join("")}-${state.cents.join(".")}`;

  // Take a split from the address; anything that is not one of this account's is left alone.
  const restore = () => {
    const found = LINK.exec(location.hash);
    if (!found || found[1] !== data.id || found[3].length !== channels.length) return false;
    const cents = found[4].split(".").map(Number);
    const fits = (value, i) => (channels[i].curve
      ? value <= top(channels[i])
      : value === channels[i].now || data.presets.some((preset) => preset.cents[i] === value));
    if (cents.length !== channels.length || !cents.every(fits)) return false;
    state.cents = cents;
    state.keep = several && found[2] === "1";
    state.fixed = [...found[3]].map((bit, i) => bit === "1" && Boolean(channels[i].curve));
    anchor = null;
    return true;
  };

  const remember = () => {
    if (checking()) return;
    try { history.replaceState(null, "", linkOf()); } catch { /* the address stays as it is */ }
  };

  // ---- files ---------------------------------------------------------------------------------
  const neutral = (text) => text.replace(/(^|[;\t\r\n])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20\t\r])/g, "$1'$2");
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const csv = () => {
    const rows = channels.map((channel, i) => {
      const moved = state.cents[i] - channel.now;
      const share = channel.now === 0 ? "" : String(Math.round(1e6 * moved / channel.now) / 1e4);
      const name = quoted(neutral(channel.raw === undefined ? channel.name : channel.raw));
      return [name, channel.now / 100, state.cents[i] / 100, moved / 100, share].join(",");
    });
    return `\ufeffchannel,now,planned,change,change_pct\n${rows.join("\n")}\n`;
  };

  // ---- the page ------------------------------------------------------------------------------
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
  const plainly = (cents) => (cents % 100 ? (cents / 100).toFixed(2) : String(cents / 100));

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

  const KNOWN = { partly: "partly known", prior: "assumed" };

  const movable = (channel, i) => {
    const row = make("li", "mover"), own = make("div", "name"), cell = make("div", "track-cell");
    const hold = make("label", "check hold"), box = make("input");
    box.type = "checkbox";
    box.setAttribute("aria-label", `Fix ${channel.name}: it stays when others move`);
    hold.append(box, make("span", "", "fix"));
    own.append(nameOf(channel, i), hold);
    if (KNOWN[channel.known]) own.append(make("span", "rests", KNOWN[channel.known]));

    const track = make("div", "track"), slider = make("input");
    Object.assign(slider, { type: "range", min: 0, max: top(channel), step: step(top(channel)) });
    slider.setAttribute("aria-labelledby", `name-${i}`);
    track.append(slider, tick("seen", channel.seen, channel), tick("now", channel.now, channel));
    const line = make("div", "now"), left = make("span", "", `today ${exact(channel.now)}`), right = make("span");
    line.append(left, right);
    cell.append(track, line);

    const amount = make("label", "amount"), field = make("input");
    Object.assign(field, { type: "number", min: 0, max: top(channel) / 100, step: step(top(channel)) / 100, inputMode: "decimal" });
    field.setAttribute("aria-label", `${channel.name}: planned, per week`);
    amount.append(make("span", "", data.symbol.trim()), field);

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
      const value = field.value.trim() === "" ? NaN : Number(field.value);
      changed(Number.isFinite(value) ? move(i, 100 * value) : `${channel.name} keeps its amount: that was no number.`);
      field.value = plainly(state.cents[i]);
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
      slider.setAttribute("aria-valuetext", `${exact(cents)} a week${never ? ", never tried" : ""}`);
      if (!typing) field.value = plainly(cents);
      box.checked = state.fixed[i];
      put(share, changeOf(channel.now, cents));
      put(middle, mid === null ? "–" : `next ${data.one} brings ${digits(mid, 2)}`);
      put(range, mid === null ? "" : `${digits(low, 2)} to ${digits(high, 2)}`);
      right.className = never ? "never" : "";
      put(right, never ? "never tried" : channel.seen < top(channel) ? `most seen ${exact(channel.seen)}` : "");
      return never;
    };
    return { row, show };
  };

  const fixed = (channel, i) => {
    const row = make("li", "mover fixed"), own = make("div", "name"), amount = make("div", "amount"), share = make("div", "share");
    own.append(nameOf(channel, i));
    row.append(own, make("p", "why", "Fixed: what it brings is not known, so it is not in the model."), amount, share);
    return { row, show: () => { put(amount, exact(state.cents[i])); put(share, changeOf(channel.now, state.cents[i])); return false; } };
  };

  const rows = channels.map((channel, i) => (channel.curve ? movable(channel, i) : fixed(channel, i)));
  element("movers").append(...rows.map((each) => each.row));

  const plans = [{ name: "Today", cents: today }, ...data.presets];
  const buttons = plans.map((plan) => {
    const button = make("button", "", plan.name);
    button.type = "button";
    button.addEventListener("click", () => {
      state.cents = plan.cents.slice();
      anchor = null;
      changed("");
      remember();
    });
    return button;
  });
  element("presets").append(...buttons);

  // ---- drawing -------------------------------------------------------------------------------
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
    put(element(`${id}-range`), moved ? `90\u00a0% interval: ${interval(found)}` : "nothing changes");
  };

  const sentence = (found) => {
    if (!found.moved) return "This is today's split: nothing changes.";
    const profit = data.margin === null ? "" : `, and ${lessOrMore(found.judged[1])} profit (90\u00a0% interval: ${interval(found.judged)})`;
    return `About ${lessOrMore(found.revenue[1])} revenue a week (90\u00a0% interval: ${interval(found.revenue)})${profit}. The chance that it beats today's split is ${sure(found.better)}.`;
  };

  const span = (found) => {
    while (reach(found) > extent) extent = nice(1.01 * Math.max(reach(found), extent));
    const place = (value) => 50 + 50 * value / extent, [low, middle, high] = found.judged.map(place);
    element("span-range").style.left = `${low}%`;
    element("span-range").style.width = `${high - low}%`;
    element("span-middle").style.left = `${middle}%`;
    put(element("span-low"), signed(-extent));
    put(element("span-middle-says"), `${found.unit} as today`);
    put(element("span-high"), signed(extent));
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
    put(element("judged"), found.moved ? `in ${found.unit}${found.unit === "revenue less spend" ? `: ${signed(found.judged[1])}` : ""}` : "this is today's split");
    put(element("total"), exact(found.total));
    put(element("total-change"), found.more ? `${exact(found.more)} ${found.more > 0 ? "more" : "less"} than today` : "as today");
    span(found);
    element("doubt").hidden = !untried.length;
    put(element("doubt"), untried.length ? `${named(untried)} would get more than was ever at work there: what lies beyond is the curve's guess. Raise it step by step and look.` : "");
    element("keep").checked = state.keep;
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(same(plans[i].cents, state.cents))));
  };

  // Draw once a frame; tell listeners when the hand rests.
  const changed = (said) => {
    put(element("said"), said);
    element("address").hidden = true;
    if (!waiting) waiting = requestAnimationFrame(draw);
    clearTimeout(telling);
    telling = setTimeout(() => { if (waiting) draw(); put(element("live"), sentence(latest)); }, 700);
  };

  // ---- buttons -------------------------------------------------------------------------------
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
      put(element("said"), "The link is copied. It brings back this split on this page.");
    } catch {
      const field = element("address");
      field.hidden = false;
      field.value = address;
      field.focus();
      field.select();
      put(element("said"), "Copy the link from the field.");
    }
  });

  addEventListener("hashchange", () => { if (restore()) changed(""); });

  // ---- start ---------------------------------------------------------------------------------
  restore();
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
})();
