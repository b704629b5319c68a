import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOneTimeLinks, type OneTimeLinks } from '../../../src-main/api/oneTimeLinks.ts';
import { openApiWorld, type ApiWorld } from '../../fixtures/apiWorld.ts';

let world: ApiWorld;
let links: OneTimeLinks;
beforeEach(async () => {
  links = createOneTimeLinks();
  let rendererDirectory = '';
  const earlier = await openApiWorld({ before: (folder) => (rendererDirectory = join(folder, 'renderer')) });
  mkdirSync(rendererDirectory);
  writeFileSync(join(rendererDirectory, 'index.html'), 'the window');
  world = { ...(await openApiWorld({ links, rendererDirectory })) };
  const { dispose } = world;
  world = { ...world, dispose: () => Promise.all([dispose(), earlier.dispose()]).then(() => undefined) };
});
afterEach(() => world.dispose());

const cookieOf = (response: Response): string => response.headers.get('Set-Cookie')?.split(';')[0] ?? '';

describe('a one-time link', () => {
  it('lets a browser in for good, by a cookie that scripts cannot read and other sites cannot send', async () => {
    const opened = await world.request(`/open?key=${links.issue()}`);
    expect([opened.status, opened.headers.get('Location')]).toEqual([303, '/']);
    expect(opened.headers.get('Set-Cookie')).toMatch(
      /^ilium-80=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const headers = { Cookie: cookieOf(opened) };
    expect((await world.request('/api/session', { headers })).status).toBe(200);
    expect(await (await world.request('/', { headers })).text()).toBe('the window');
  });

  it('works once, and says so in words', async () => {
    const key = links.issue();
    const cookie = cookieOf(await world.request(`/open?key=${key}`));
    const again = await world.request(`/open?key=${key}`);
    expect([again.status, again.headers.get('Set-Cookie')]).toEqual([401, null]);
    expect(await again.text()).toContain('has been used already');
    expect((await world.request('/open?key=wrong')).status).toBe(401);
    expect((await world.request('/open')).status).toBe(401);
    const known = await world.request(`/open?key=${key}`, { headers: { Cookie: cookie } });
    expect([known.status, known.headers.get('Location')]).toEqual([303, '/']);
  });

  it('is asked for, in words, by whoever comes without its cookie', async () => {
    const data = await world.request('/api/session');
    expect(data.status).toBe(401);
    expect(await data.json()).toMatchObject({ error: { code: 'SESSION_NEEDED' } });
    const page = await world.request('/');
    expect([page.status, page.headers.get('Content-Type')]).toEqual([401, 'text/html; charset=UTF-8']);
    expect(await page.text()).toContain('open the link that the terminal shows');
    expect((await world.request('/api/session', { headers: { Cookie: 'ilium-80=guess' } })).status).toBe(401);
  });

  it.each([
    ['de-AT,de;q=0.9,en;q=0.5', 'de', 'noch nicht zugelassen'],
    ['fr;q=0.9,en;q=0.4,de;q=0.2', 'en', 'open the link'],
    ['fr', 'en', 'open the link'],
  ])('is asked for in the language of the browser: %s', async (header, language, words) => {
    const page = await (await world.request('/', { headers: { 'Accept-Language': header } })).text();
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).toContain(words);
  });

  it('shows the page, and no data, where another page led through it: browsers hold the cookie back then', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    expect(await (await world.request('/', { headers })).text()).toBe('the window');
    expect((await world.request('/api/session', { headers })).status).toBe(401);
  });
});
