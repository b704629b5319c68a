import { describe, expect, it } from 'vitest';
import {
  probeProvider,
  type ProbeOutcome,
} from '../../../../src-main/tensor/executors/probe/probeProvider.ts';
import type { OnnxProvider } from '../../../../src-main/tensor/executors/onnx/onnxExecutor.ts';

const childUrl = new URL('../../../fixtures/probeChildren.ts', import.meta.url);
const probe = (provider: OnnxProvider, timeoutMs = 30_000): Promise<ProbeOutcome> => probeProvider(provider, { childUrl, timeoutMs }); // prettier-ignore

describe('probeProvider', () => {
  it('returns what the child measured', async () => {
    expect(await probe('webgpu')).toEqual({ status: 'ran', difference: 0, deviceMs: 1, cpuMs: 2 });
  });

  it('survives a provider that aborts the process', async () => {
    expect(await probe('cuda')).toEqual({
      status: 'failed',
      reason: 'it ended the process that tried it (SIGABRT)',
    });
  });

  it('stops a provider that does not answer', async () => {
    expect(await probe('dml', 300)).toEqual({ status: 'failed', reason: 'it gave no answer within 0.3 s' });
  });

  it('keeps the telling part of ONNX Runtime’s message', async () => {
    expect(await probe('coreml')).toEqual({ status: 'failed', reason: 'No adapter' });
  });
});
