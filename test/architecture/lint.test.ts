import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

describe('the lint rule', () => {
  it('reports a forbidden import, static or dynamic, and says how to fix it', async () => {
    const eslint = new ESLint({ cwd: root });
    const planted = "import 'electron';\nexport const later = () => import('onnxruntime-node');\n";
    const [result] = await eslint.lintText(planted, { filePath: resolve(root, 'src-main/planted.mjs') });
    const messages = result?.messages.filter(({ ruleId }) => ruleId === 'ilium/imports') ?? [];
    expect(messages.map(({ line }) => line)).toEqual([1, 2]);
    expect(messages[0]?.message).toContain('move behaviour into api or services');
  });
});
