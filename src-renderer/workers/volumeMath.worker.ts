/** The worker for `lib/volumeMath.ts`: one task, then it is done with. */
import { boneSignals, differenceVolume, errorSignals } from '../lib/volumeMath.ts';
import type { VolumeMathTask } from '../lib/runVolumeMath.ts';

const scope = self as unknown as DedicatedWorkerGlobalScope;

scope.onmessage = ({ data: task }: MessageEvent<VolumeMathTask>) => {
  if (task.kind === 'difference') {
    const volume = differenceVolume(task.a, task.b);
    const signals = errorSignals(volume, task.a, task.b);
    scope.postMessage({ volume, signals }, [volume.data.buffer, ...signals.map(({ buffer }) => buffer)]);
  } else {
    const signals = boneSignals(task.volume);
    scope.postMessage(
      { signals },
      signals.map(({ buffer }) => buffer),
    );
  }
};
