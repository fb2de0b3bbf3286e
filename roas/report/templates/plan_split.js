// The split that is tried: moving money, links, files.

const several = channels.filter((channel) => channel.curve).length > 1;
const state = { cents: data.presets[0].cents.slice(), fixed: channels.map((c) => Boolean(c.fixed)), keep: several };
let anchor = null;  // where the others stood when a channel began to move: going back brings them back

// Cents of the smallest amount that the page chooses itself: there is no hundredth of a yen.
const unit = data.decimals ? 1 : 100;

// Split cents by weights in whole units, none above its cap; the rest goes by the largest remainder.
const shared = (total, weights, caps) => {
  const out = weights.map(() => 0), open = new Set(weights.keys());
  let left = total;
  while (open.size) {
    const whole = sum([...open].map((i) => weights[i]));
    const part = (i) => (whole > 0 ? left * weights[i] / whole : left / open.size);
    const over = [...open].filter((i) => part(i) > caps[i]);
    if (!over.length) {
      const exactly = [...open].map((i) => [i, part(i)]);
      exactly.forEach(([i, value]) => { out[i] = unit * Math.floor(value / unit); });
      let rest = left - sum(exactly.map(([i]) => out[i]));
      exactly.sort((a, b) => (b[1] % unit) - (a[1] % unit));
      for (let turn = 0; rest > 0 && turn < 4 * exactly.length; turn += 1) {
        const i = exactly[turn % exactly.length][0];
        const more = Math.min(unit, rest, caps[i] - out[i]);
        out[i] += more;
        rest -= more;
      }
      break;
    }
    over.forEach((i) => { out[i] = caps[i]; left -= caps[i]; open.delete(i); });
  }
  return out;
};

// Set one channel; with the total kept, the others give or take in proportion. Returns what stopped it.
const move = (i, wanted) => {
  const channel = channels[i], most = top(channel);
  const asked = Math.min(unit * Math.round(Math.min(Math.max(wanted, 0), most) / unit), most);
  const under = wanted < 0, past = under || Math.round(wanted) > most;
  let stopped = past ? say(under ? "low" : "top", { channel: channel.name, amount: exact(asked) }) : "";
  if (!state.keep) {
    state.cents[i] = asked;
    return stopped;
  }
  if (!anchor || anchor.i !== i) anchor = { i, cents: state.cents.slice() };
  const others = channels.map((_, j) => j).filter((j) => j !== i && channels[j].curve && !state.fixed[j]);
  if (!others.length) return say("all_fixed");
  const caps = others.map((j) => Math.max(top(channels[j]), anchor.cents[j]));
  const all = anchor.cents[i] + sum(others.map((j) => anchor.cents[j]));
  const own = Math.max(Math.min(asked, all), all - sum(caps), 0);
  if (own !== asked) stopped = say(own < asked ? "none_left" : "none_free", { channel: channel.name });
  const weights = others.map((j) => anchor.cents[j]);
  const parts = shared(all - own, sum(weights) ? weights : others.map((j) => channels[j].now), caps);
  state.cents[i] = own;
  others.forEach((j, k) => { state.cents[j] = parts[k]; });
  return stopped;
};

// Take a plan over. A channel that is marked keeps its amount; with the total kept, the others make up for it.
const take = (cents) => {
  const stays = (i) => channels[i].curve && state.fixed[i];
  const kept = [...cents.keys()].filter((i) => stays(i) && state.cents[i] !== cents[i]);
  const taken = cents.map((each, i) => (stays(i) ? state.cents[i] : each));
  const free = [...cents.keys()].filter((i) => channels[i].curve && !state.fixed[i]);
  if (kept.length && state.keep) {
    const weights = free.map((i) => taken[i]), caps = free.map((i) => Math.max(top(channels[i]), taken[i]));
    const left = Math.max(sum(cents) - sum(taken) + sum(weights), 0);
    shared(left, sum(weights) ? weights : free.map((i) => channels[i].now), caps).forEach((part, k) => { taken[free[k]] = part; });
  }
  state.cents = taken;
  anchor = null;
  return kept.length ? say("kept", { channels: named(kept.map((i) => channels[i].name)) }) : "";
};

// ---- links ---------------------------------------------------------------------------------------
const LINK = /^#v1-([0-9a-f]{8})-([01])-([01]+)-(\d{1,15}(?:\.\d{1,15})*)(-check)?$/;
const isLink = () => /^#v\d+-/.test(location.hash);
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

// ---- files ---------------------------------------------------------------------------------------
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
