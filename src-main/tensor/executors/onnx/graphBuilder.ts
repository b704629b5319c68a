/**
 * Collects ONNX nodes and initializers. A node equal to an earlier one (same operator, inputs and attributes) is not written again, so
 * whatever forward and reverse mode both need is computed once.
 */
import type {
  Attribute,
  ElementType,
  OnnxGraph,
  OnnxInitializer,
  OnnxNode,
  OnnxValue,
} from './onnxSchema.ts';

export type AttributeValue = number | string | readonly number[] | { readonly float: number };

export class GraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxInitializer>();
  readonly #known = new Map<string, readonly string[]>();
  readonly #produced = new Set<string>();
  readonly #renamed = new Map<string, string>();

  /** Adds a node with one output and returns the output's name. Numbers are INT attributes, `{float}` FLOAT, arrays INTS. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    const [output] = this.nodeWithOutputs(operator, inputs, 1, attributes);
    return output ?? '';
  }

  /** Adds a node with `count` outputs and returns their names. */
  nodeWithOutputs(
    operator: string,
    inputs: readonly string[],
    count: number,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): readonly string[] {
    const key = JSON.stringify([operator, inputs, attributes]);
    const known = this.#known.get(key);
    if (known) return known;
    const outputs = Array.from({ length: count }, (_, at) => `%${this.#produced.size + at}`);
    this.#known.set(key, outputs);
    for (const output of outputs) this.#produced.add(output);
    this.#nodes.push({
      op_type: operator,
      input: inputs,
      output: outputs,
      attribute: Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
    });
    return outputs;
  }

  /** Adds a 64-bit integer vector (axes, shapes, pads …). */
  integers(values: readonly number[]): string {
    const key = `i64 ${values.join(' ')}`;
    return this.#initializer(key, 'int64', [values.length], () => {
      const data = new BigInt64Array(values.map(BigInt));
      return new Uint8Array(data.buffer);
    });
  }

  /** Adds a number of shape []. */
  number(value: number): string {
    return this.#initializer(`f32 ${value}`, 'float32', [], () => bytesOf(Float32Array.of(value)));
  }

  /** Adds fixed values; small ones are shared by content. */
  values(data: Float32Array | Int32Array, dims: readonly number[], name?: string): string {
    const elementType = data instanceof Int32Array ? 'int32' : 'float32';
    if (dims.length === 0 && data instanceof Float32Array && !name) return this.number(data[0] ?? 0);
    const key =
      name ??
      (data.length <= 4096
        ? `${elementType} [${dims.join()}] ${data.join(' ')}`
        : `large ${this.#initializers.size}`);
    return this.#initializer(key, elementType, dims, () => bytesOf(data), name);
  }

  /** Makes `value` the output `name`. A node's value takes the name; an input, constant or second name gets an Identity. */
  nameOutput(name: string, value: string): void {
    if (this.#produced.has(value) && !this.#renamed.has(value)) this.#renamed.set(value, name);
    else this.#nodes.push({ op_type: 'Identity', input: [value], output: [name], attribute: [] });
  }

  /** The finished graph. */
  finish(
    inputs: readonly OnnxValue[],
    outputs: readonly OnnxValue[],
    metadata: Readonly<Record<string, string>> = {},
  ): OnnxGraph {
    const rename = (name: string): string => this.#renamed.get(name) ?? name;
    return {
      nodes: this.#nodes.map((node) => ({
        ...node,
        input: node.input.map(rename),
        output: node.output.map(rename),
      })),
      initializers: [...this.#initializers.values()],
      inputs,
      outputs,
      metadata,
    };
  }

  #initializer(
    key: string,
    elementType: ElementType,
    dims: readonly number[],
    raw: () => Uint8Array,
    name?: string,
  ): string {
    const known = this.#initializers.get(key);
    if (known) return known.name;
    const made = { name: name ?? `%c${this.#initializers.size}`, elementType, dims, raw: raw() };
    this.#initializers.set(key, made);
    return made.name;
  }
}

function bytesOf(data: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function encodeAttribute(name: string, value: AttributeValue): Attribute {
  if (typeof value === 'number') return { name, type: 'INT', i: value };
  if (typeof value === 'string') return { name, type: 'STRING', s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: 'FLOAT', f: value.float };
  return { name, type: 'INTS', ints: value };
}
