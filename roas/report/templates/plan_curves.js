// The data of the page, and what a split of money brings.

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

// ---- what a split brings -------------------------------------------------------------------------
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
  const unit = data.margin !== null ? "profit" : more === 0 ? "revenue" : "rest";
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
