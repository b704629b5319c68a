/**
 * Which provider of ONNX Runtime to run on: one that is asked for must work; `auto` takes the first, in the order below, that runs a
 * training step, agrees with the CPU and is faster than it, and says why not the others.
 */
import { AppError } from '../../shared/appError.ts';
import type { OnnxProvider } from './onnx/onnxExecutor.ts';
import type { ProbeOutcome } from './probe/probeProvider.ts';

export interface ProviderChoice {
  readonly provider: OnnxProvider;
  /** One sentence each: what was chosen and why, then why not the others. */
  readonly notes: readonly string[];
}

export interface ProviderFacts {
  /** Providers that the installed ONNX Runtime could have on this platform. */
  readonly supported: readonly string[];
  readonly probe: (provider: OnnxProvider) => Promise<ProbeOutcome>;
}

/** Preferred first: a vendor's own library before the portable one. */
const accelerators = ['cuda', 'dml', 'coreml', 'webgpu'] as const satisfies readonly OnnxProvider[];

/** How far a provider's float32 gradients may be from the CPU's, relative to the largest. */
const agreement = 1e-3;

/** The provider for `device`. Throws DEVICE_UNAVAILABLE when one that was asked for does not work here. */
export async function chooseProvider(
  device: OnnxProvider | 'auto',
  facts: ProviderFacts,
): Promise<ProviderChoice> {
  if (device === 'auto') return chooseFastest(facts);
  if (device === 'cpu') return { provider: 'cpu', notes: ['Running on the CPU.'] };
  const outcome = await tryProvider(device, facts);
  if (outcome.status === 'failed')
    throw new AppError('DEVICE_UNAVAILABLE', { device, reason: outcome.reason });
  const speed =
    outcome.deviceMs > outcome.cpuMs ? `, although it is slower than the CPU (${timesOf(outcome)})` : '';
  return { provider: device, notes: [`Running on ${device}, as asked${speed}.`] };
}

async function chooseFastest(facts: ProviderFacts): Promise<ProviderChoice> {
  const refused: string[] = [];
  for (const [at, provider] of accelerators.entries()) {
    const outcome = await tryProvider(provider, facts);
    if (outcome.status === 'failed') refused.push(`Not ${provider}: ${outcome.reason}.`);
    else if (outcome.deviceMs >= outcome.cpuMs)
      refused.push(`Not ${provider}: it is slower than the CPU (${timesOf(outcome)}).`);
    else {
      const untried = accelerators.slice(at + 1).filter((name) => facts.supported.includes(name));
      const rest = untried.map((name) => `Not ${name}: ${provider} comes first.`);
      const chosen = `Running on ${provider}, which is faster than the CPU (${timesOf(outcome)}).`;
      return { provider, notes: [chosen, ...refused, ...rest] };
    }
  }
  return { provider: 'cpu', notes: ['Running on the CPU, since no faster device was found.', ...refused] };
}

async function tryProvider(
  provider: OnnxProvider,
  { supported, probe }: ProviderFacts,
): Promise<ProbeOutcome> {
  if (!supported.includes(provider))
    return { status: 'failed', reason: 'ONNX Runtime does not have it on this platform' };
  const outcome = await probe(provider);
  if (outcome.status === 'ran' && !(outcome.difference <= agreement))
    return {
      status: 'failed',
      reason: `its gradients differ from the CPU's by ${outcome.difference.toPrecision(2)}`,
    };
  return outcome;
}

function timesOf({ deviceMs, cpuMs }: { readonly deviceMs: number; readonly cpuMs: number }): string {
  const format = (ms: number): string => ms.toFixed(ms < 10 ? 1 : 0);
  return `${format(deviceMs)} ms against ${format(cpuMs)} ms for a small training step`;
}
