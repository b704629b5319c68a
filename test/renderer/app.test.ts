// @vitest-environment jsdom
import { render } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import App from '../../src-renderer/App.svelte';

it('mounts', () => {
  expect(render(App).container.textContent).toContain('Ilium');
});
