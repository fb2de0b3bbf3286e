// The split that is tried: moving money, links, files.

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
  let stopped = asked !== Math.round(wanted) ? say("top", { channel: channel.name, amount: exact(top(channel)) }) : "";
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

// ---- links ---------------------------------------------------------------------------------------
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
