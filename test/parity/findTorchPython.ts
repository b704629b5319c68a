/**
 * Finds a Python that can import PyTorch: $ILIUM_PYTHON alone when it is set, else the repository's `.venv`, then `python3` and
 * `/usr/bin/python3` (Debian's python3-torch installs there). Used by the parity tests and the bench; the product needs none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type TorchPython =
  { readonly command: string; readonly version: string } | { readonly reason: string };

let found: TorchPython | undefined;

/** The command and PyTorch's version, or the reason why there is none. The search runs once per process. */
export function findTorchPython(): TorchPython {
  found ??= search();
  return found;
}

function search(): TorchPython {
  const venv = fileURLToPath(
    new URL(
      process.platform === 'win32' ? '../../.venv/Scripts/python.exe' : '../../.venv/bin/python',
      import.meta.url,
    ),
  );
  const chosen = process.env['ILIUM_PYTHON'];
  const candidates = chosen
    ? [chosen]
    : [...(existsSync(venv) ? [venv] : []), 'python3', '/usr/bin/python3', 'python'];
  for (const command of candidates) {
    const { status, stdout } = spawnSync(command, ['-c', 'import torch; print(torch.__version__)'], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (status === 0) return { command, version: stdout.trim() };
  }
  return { reason: `PyTorch is not installed (tried ${candidates.join(', ')}; $ILIUM_PYTHON names another)` };
}
