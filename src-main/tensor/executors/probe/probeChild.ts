/** The process that `probeProvider` starts: tries the provider named on the command line and sends what it measured, or why it cannot. */
import { onnxProviders } from '../onnx/onnxExecutor.ts';
import { measureProvider } from './measureProvider.ts';
import type { ProbeOutcome } from './probeProvider.ts';

const provider = onnxProviders.find((name) => name === process.argv[2]);
const outcome: ProbeOutcome = provider
  ? await measureProvider(provider).then(
      (measurement) => ({ status: 'ran', ...measurement }),
      (error: unknown) => ({
        status: 'failed',
        reason: error instanceof Error ? error.message : String(error),
      }),
    )
  : { status: 'failed', reason: 'there is no such provider' };
// Ending is left to the parent: releasing a device has crashed on some drivers.
process.send?.(outcome);
