/** A network's parameters and Adam moments in the graph of a step: `value`, `first` and `second` by parameter. */
import { gradient } from '../../tensor/gradient.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import {
  parameter,
  parameterInputs,
  type ParameterSpec,
  type ParameterTensors,
} from '../networks/parameterSpec.ts';
import { adamUpdate, type AdamScalars } from '../optimizers/adam.ts';

export interface NetworkState {
  readonly network: string;
  readonly specs: readonly ParameterSpec[];
  readonly value: ParameterTensors;
  readonly first: ParameterTensors;
  readonly second: ParameterTensors;
}

/** Names under which the state of a network goes in and comes out: `<network>.<part>.<parameter>`. */
export const stateParts = ['value', 'first', 'second'] as const;

/** The state as graph inputs. */
export function networkState(network: string, specs: readonly ParameterSpec[]): NetworkState {
  const part = (name: string): ParameterTensors => parameterInputs(specs, `${network}.${name}.`);
  return { network, specs, value: part('value'), first: part('first'), second: part('second') };
}

/** Gradients of a loss with respect to the parameters of all `states`, state by state. */
export function gradientsOf(loss: Tensor, states: readonly NetworkState[]): ParameterTensors[] {
  const wrt = states.flatMap(({ specs, value }) => specs.map(({ name }) => parameter(value, name)));
  const gradients = gradient(loss, wrt).values();
  return states.map(({ specs }) =>
    Object.fromEntries(
      specs.flatMap(({ name }): [string, Tensor][] => {
        const { value } = gradients.next();
        return value ? [[name, value]] : [];
      }),
    ),
  );
}

/** One Adam step: the new values, and all of the new state under its names. */
export function updateState(
  { network, specs, value, first, second }: NetworkState,
  gradients: ParameterTensors,
  scalars: AdamScalars,
): { readonly value: ParameterTensors; readonly outputs: Record<string, Tensor> } {
  const outputs: Record<string, Tensor> = {};
  const newValue: Record<string, Tensor> = {};
  for (const { name } of specs) {
    const before = {
      value: parameter(value, name),
      first: parameter(first, name),
      second: parameter(second, name),
    };
    const after = adamUpdate(before, parameter(gradients, name), scalars);
    for (const part of stateParts) outputs[`${network}.${part}.${name}`] = after[part];
    newValue[name] = after.value;
  }
  return { value: newValue, outputs };
}
