/**
 * Seeded random numbers, the same on every machine: sfc32 (C. Doty-Humphrey, PractRand), seeded through splitmix32.
 * The state is four 32-bit integers, so it fits a checkpoint.
 */
export type RandomState = [number, number, number, number];

export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Standard normal (Marsaglia's polar method; nothing is cached between calls, so the state alone resumes it). */
  normal(): number;
  /** Integer in [0, n). */
  integer(n: number): number;
  /** A shuffled copy (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** The state, to be passed to `createRandom` again. */
  state(): RandomState;
}

/** Makes a generator from a seed (any number, its 32 low bits count) or a saved state. */
export function createRandom(seed: number | RandomState): Random {
  let [a, b, c, d] = typeof seed === 'number' ? expandSeed(seed) : seed;
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  const random: Random = {
    uniform: () => next() / 4294967296,
    normal() {
      for (;;) {
        const u = 2 * random.uniform() - 1;
        const v = 2 * random.uniform() - 1;
        const s = u * u + v * v;
        if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
      }
    },
    integer: (n) => Math.floor(random.uniform() * n),
    shuffle(items) {
      const out = [...items];
      for (let i = out.length - 1; i > 0; i--) {
        const j = random.integer(i + 1);
        const held = out[i] as (typeof out)[number];
        out[i] = out[j] as (typeof out)[number];
        out[j] = held;
      }
      return out;
    },
    state: () => [a, b, c, d],
  };
  return random;
}

function expandSeed(seed: number): RandomState {
  let s = seed | 0;
  const splitmix = (): number => {
    s = (s + 0x9e3779b9) | 0;
    let t = s ^ (s >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) | 0;
  };
  return [splitmix(), splitmix(), splitmix(), splitmix()];
}
