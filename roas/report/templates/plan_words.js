// Numbers and sentences, in the language of the page: there is no word of any language in the scripts.

// Keep a percent sign on the line of its number.
const held = (text) => text.replace(/ %/g, "\u00a0%");
const say = (key, fields = {}) =>
  held(data.words[key]).replace(/\{(\w+)\}/g, (field, name) => (name in fields ? fields[name] : field));

const formats = [0, 1, 2, 3, 4].map((count) => [count, 0].map((least) => new Intl.NumberFormat(data.language, {
  minimumFractionDigits: least, maximumFractionDigits: count, roundingMode: "halfEven", useGrouping: "always" })));
const digits = (value, count) => formats[count][0].format(value);
const shortest = (value, count) => formats[count][data.trim ? 1 : 0].format(value);
const filled = (pattern, number) => held(pattern).replace("{n}", () => number);

const full = (size, whole) => filled(data.full, digits(size, whole ? 0 : data.decimals));
const short = (size) => {
  const [unit, pattern] = data.units.find(([from]) => size >= 0.9995 * from) || data.units[data.units.length - 1];
  const value = size / unit;
  return filled(pattern, shortest(value, size === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2));
};
const exact = (cents) => {
  const size = Math.abs(cents) / 100;
  if (size >= 1e6) return short(size);
  return size >= 100 || Number.isInteger(size) ? full(size, true) : full(size, false);
};
const about = (value) => {
  const size = Math.abs(value);
  if (size >= 1e6 || size < 0.005) return short(size < 0.005 ? 0 : size);
  return size >= 10 ? full(Number(size.toPrecision(2)), true) : short(size);
};
// An amount in a field: digits in groups, no more decimals than the currency has.
const written = (cents) => digits(cents / 100, data.decimals && cents % 100 ? 2 : 0);
const marks = Object.fromEntries(formats[1][0].formatToParts(12345.6).map((part) => [part.type, part.value]));

// Read a typed amount: {value}, or {problem} where it is no number, or could be thousands or decimals.
const amountOf = (text) => {
  const bare = text.split(data.symbol.trim() || " ").join("").replace(/[\s'’]/g, "").replace(/^[−–]/, "-");
  const found = /^[+-]?(\d[\d.,]*|[.,]\d+)$/.exec(bare);
  if (!found) return { problem: "no_number" };
  const used = bare.match(/[.,]/g) || [], last = used[used.length - 1];
  const [whole, part] = used.length ? [bare.slice(0, bare.lastIndexOf(last)), bare.slice(bare.lastIndexOf(last) + 1)] : [bare, ""];
  const inGroups = (number) => /^[+-]?[1-9]\d{0,2}([.,]\d{3})*$/.test(number) && new Set(number.match(/[.,]/g)).size < 2;
  const plain = (number) => Number(number.replace(/[.,]/g, ""));
  if (!used.length) return { value: plain(bare) };
  if (inGroups(bare) && (last === marks.group || used.length > 1)) return { value: plain(bare) };
  if (used.length > 1 && (!inGroups(whole) || whole.includes(last))) return { problem: "no_number" };
  const doubtful = used.length === 1 && part.length === 3 && !(last === marks.decimal && data.decimals > 2) && /[1-9]/.test(whole);
  return doubtful ? { problem: "open" } : { value: Number(`${whole.replace(/[.,]/g, "")}.${part}`) };
};

const sign = (value) => (value < 0 ? "−" : "+");
const signed = (value) => (Math.abs(value) < 0.005 ? about(0) : sign(value) + about(value));
const percent = (share) => filled(data.percent, digits(100 * share, share === 0 || 100 * share >= 9.95 ? 0 : 1));
const sure = (share) => (share > 0.99 ? say("over") : share < 0.01 ? say("under") : percent(share));
const changeOf = (now, cents) => {
  if (cents === now) return "–";
  if (now === 0) return say("new");
  const share = cents / now - 1;
  return Math.abs(share) < 0.0005 ? percent(0) : sign(share) + percent(Math.abs(share));
};

const interval = ([low, , high]) => {
  if (low < 0 && high > 0) return say("across", { low: about(low), high: about(high) });
  const [near, far] = [low, high].sort((a, b) => Math.abs(a) - Math.abs(b));
  return say("interval", { low: about(near), high: about(far) });
};
const named = (names) => (names.length < 2 ? names.join("")
  : say("row", { first: names.slice(0, -1).join(", "), last: names[names.length - 1] }));

// The whole answer in a sentence, for those who hear the page.
const sentence = (found) => {
  if (!found.moved) return say("same");
  const more = (value) => (value < 0 ? "less" : "more"), [, revenue] = found.revenue, [, profit] = found.judged;
  const key = data.margin === null ? more(revenue) : `${more(revenue)}_${more(profit)}`;
  const said = say(key, {
    revenue: about(revenue), range: interval(found.revenue), profit: about(profit), profit_range: interval(found.judged),
  });
  return `${said} ${say("chance", { chance: sure(found.better) })}`;
};
