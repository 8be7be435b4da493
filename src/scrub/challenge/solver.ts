/**
 * The script of the page, which does the work: SHA-256 (FIPS 180-4) of the salt and a number, for number after number, until it
 * is the one. Browsers have the function themselves, but not on plain http, and for each try they would have to be waited for.
 * It rests every 20 ms, so that the page stays alive, and then sends the form. As a text: it is never run here.
 */
export const solver = `
const K = [], H = [];
for (let n = 2, found = 0; found < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
  if (!prime) continue;
  if (found < 8) H[found] = (n ** 0.5 % 1) * 2 ** 32 | 0;
  K[found++] = (Math.cbrt(n) % 1) * 2 ** 32 | 0;
}
const W = new Int32Array(64);
const sha256 = (text) => {
  const hash = [...H], size = text.length, words = new Int32Array((size + 8 >> 6) + 1 << 4);
  for (let i = 0; i < size; i++) words[i >> 2] |= text.charCodeAt(i) << 24 - i % 4 * 8;
  words[size >> 2] |= 128 << 24 - size % 4 * 8;
  words[words.length - 1] = size * 8;
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i++) {
      if (i < 16) W[i] = words[block + i];
      else {
        const x = W[i - 15], y = W[i - 2];
        W[i] = W[i - 16] + W[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
          + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
      }
      const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + W[i] | 0;
      const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
      h = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => hash[i] = hash[i] + value | 0);
  }
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
};
const form = document.forms[0], work = JSON.parse(form.dataset.work);
const bar = document.querySelector("progress"), says = document.querySelector("[role=status]");
let number = 0;
bar.hidden = false;
const go = () => {
  for (const until = Date.now() + 20; Date.now() < until;) {
    for (let step = 0; step < 50; step++, number++) {
      if (sha256(work.salt + number) !== work.challenge) continue;
      bar.value = 1;
      form.work.value = JSON.stringify({ salt: work.salt, challenge: work.challenge, signature: work.signature, number });
      return form.submit();
    }
    if (number > work.maxnumber) {
      bar.remove();
      return says.textContent = form.dataset.failed;
    }
  }
  bar.value = number / work.maxnumber;
  setTimeout(go);
};
go();
`;
