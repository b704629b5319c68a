/** ∇V over a meta batch of any size, accumulated over micro-batches on the executor. */
import type { DeviceTensor, Executor, Feed, Program } from '../../tensor/executor.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { generatorSpecs, type GeneratorConfig } from '../networks/generator.ts';
import { metaGradientStep } from '../steps/metaGradientStep.ts';

export interface CleanGradient {
  /** ∇V by parameter; the caller disposes the handles. */
  readonly gradient: Readonly<Record<string, DeviceTensor>>;
  /** V, the mean absolute error over the meta batch. */
  readonly validation: number;
}

export interface CleanGradientConfig {
  readonly generator: GeneratorConfig;
  readonly extents: readonly [h: number, w: number];
  readonly metaMicroBatch: number;
}

export interface CleanGradientComputer {
  /** `xv` [m, k, h, w] and `yv` [m, 1, h, w]; `parameters` as feeds called `parameter.<name>`. */
  compute(
    meta: { readonly x: Float32Array; readonly y: Float32Array },
    parameters: Readonly<Record<string, Feed>>,
  ): Promise<CleanGradient>;
  dispose(): void;
}

/** Programs are compiled when a micro-batch of their size first comes. */
export function createCleanGradient(
  { generator, extents: [h, w], metaMicroBatch }: CleanGradientConfig,
  executor: Executor,
): CleanGradientComputer {
  const specs = generatorSpecs(generator);
  const names = ['sum.loss', ...specs.map(({ name }) => `sum.${name}`)];
  const zeros: Record<string, DeviceTensor> = {
    'sum.loss': executor.upload(new Float32Array(1), []),
    ...Object.fromEntries(
      specs.map(({ name, shape }) => [
        `sum.${name}`,
        executor.upload(new Float32Array(sizeOf(shape)), shape),
      ]),
    ),
  };
  const programs = new Map<number, Promise<Program>>();
  const programFor = (b: number): Promise<Program> => {
    const known = programs.get(b);
    if (known) return known;
    const compiled = executor.compile(metaGradientStep(generator, [b, h, w]), { resident: names });
    programs.set(b, compiled);
    return compiled;
  };

  return {
    async compute({ x, y }, parameters) {
      const pixels = h * w;
      const m = y.length / pixels;
      let sums = zeros;
      for (let start = 0; start < m; start += metaMicroBatch) {
        const b = Math.min(metaMicroBatch, m - start);
        const from = start * pixels;
        const program = await programFor(b);
        const next = await program.run({
          ...parameters,
          ...sums,
          xv: x.subarray(from * generator.inputChannels, (from + b * pixels) * generator.inputChannels),
          yv: y.subarray(from, from + b * pixels),
          share: Float32Array.of(b / m),
        });
        if (sums !== zeros) for (const handle of Object.values(sums)) handle.dispose();
        sums = next;
      }
      const { 'sum.loss': loss, ...rest } = sums;
      if (!loss || sums === zeros) throw new RangeError('The meta batch is empty.');
      const validation = (await loss.read())[0] ?? NaN;
      loss.dispose();
      return {
        validation,
        gradient: Object.fromEntries(
          Object.entries(rest).map(([name, handle]) => [name.slice('sum.'.length), handle]),
        ),
      };
    },
    dispose() {
      for (const handle of Object.values(zeros)) handle.dispose();
    },
  };
}
