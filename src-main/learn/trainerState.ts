/** What a training run is made of between two steps: parameters and Adam moments of its networks, as a checkpoint holds them. */
import { sizeOf, type Shape } from '../tensor/tensor.ts';
import { discriminatorSpecs } from './networks/discriminator.ts';
import { generatorSpecs } from './networks/generator.ts';
import { initialise } from './networks/initialise.ts';
import type { ParameterSpec } from './networks/parameterSpec.ts';
import { initialiseRegistration, registrationSpecs } from './networks/registration.ts';
import { stateParts } from './steps/networkState.ts';
import type { TrainerConfig } from './trainerConfig.ts';

/** Values of `<network>.<part>.<parameter>`. */
export type TrainerState = ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;

interface Network {
  readonly name: string;
  readonly specs: readonly ParameterSpec[];
  readonly initialise: typeof initialise;
}

function networks({ generator, discriminator, registration }: TrainerConfig): Network[] {
  const all: Network[] = [
    { name: 'generator', specs: generatorSpecs(generator), initialise },
    { name: 'discriminator', specs: discriminatorSpecs(discriminator), initialise },
  ];
  if (registration) {
    const specs = registrationSpecs(registration.levels);
    all.push({ name: 'registration', specs, initialise: initialiseRegistration });
  }
  return all;
}

/** Initial state of all networks, moments zero. */
export function initialState(config: TrainerConfig): TrainerState {
  const state = new Map<string, { shape: Shape; data: Float32Array }>();
  for (const [at, { name: network, specs, initialise: draw }] of networks(config).entries()) {
    const values = draw(specs, config.seed + at);
    for (const part of stateParts)
      for (const { name, shape } of specs) {
        const data = part === 'value' ? values.get(name) : undefined;
        state.set(`${network}.${part}.${name}`, { shape, data: data ?? new Float32Array(sizeOf(shape)) });
      }
  }
  return state;
}
